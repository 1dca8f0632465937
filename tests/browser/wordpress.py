"""A real WordPress for tests: Debian's packages, copied into a temporary folder, on a MariaDB of its own.

The database listens on a socket, PHP's own server on a loopback port; both end with the test. WordPress is told to
ask nothing of the network.
"""

import getpass
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PLUGIN = ROOT / "integrations" / "wordpress" / "citewell"
PACKAGES = "wordpress wordpress-theme-twentytwentythree php-cli php-mysql mariadb-server"
# Another WordPress can be tried by hand: unpack it and name its folder.
SOURCE = Path(os.environ.get("WORDPRESS_FOLDER", "/usr/share/wordpress"))
THEME = "twentytwentythree"
PASSWORD = "only for tests: öäü 1"  # noqa: S105 - of a WordPress that lives for a minute

CONFIGURATION = """\
<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'FS_METHOD', 'direct' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', '{log}' );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {{
	define( $name . '_KEY', "key $name" );
	define( $name . '_SALT', "salt $name" );
}}
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
"""

INSTALLATION = """
define( 'WP_INSTALLING', true );
require 'wp-load.php';
require 'wp-admin/includes/upgrade.php';
add_filter( 'pre_wp_mail', '__return_true' );
wp_install( 'Clinic', 'admin', 'admin@clinic.example', true, '', $given['password'] );
update_option( 'siteurl', $given['address'] );
update_option( 'home', $given['address'] );
// Else a script of the first page of the administration finds it out, and stores it some time after the page is there.
update_option( 'can_compress_scripts', 0 );
foreach ( array( 'editor', 'contributor' ) as $role ) {
    wp_insert_user( array( 'user_login' => $role, 'user_pass' => $given['password'], 'role' => $role ) );
}
"""


def what_is_missing() -> list[str]:
    """The parts of a WordPress that this machine does not have."""
    programs = [name for name in ("php", "mariadbd") if not Path(program(name)).is_absolute()]
    folders = [path for path in (SOURCE / "wp-load.php", SOURCE / "wp-content" / "themes" / THEME) if not path.exists()]
    return [*programs, *map(str, folders)]


def program(name: str) -> str:
    """The program's path, or its bare name where there is none; a user's own path often lacks mariadbd's folder."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") or name


@dataclass(frozen=True, slots=True)
class WordPress:
    """A running WordPress with users admin, editor and contributor."""

    folder: Path
    address: str
    log: Path

    def php(self, code: str, **given: Any) -> Any:
        """Run PHP inside WordPress; ``$given`` holds the arguments, and what the code returns comes back."""
        return run_php(self.folder, f"require 'wp-load.php'; {code}", given)

    def set_up(self, **settings: str) -> None:
        """Store these settings of the plugin and no others, past its checks."""
        self.php("update_option( 'citewell', $given );", **settings)

    def settings(self) -> dict[str, str] | None:
        """What the plugin has stored, None if nothing."""
        stored: dict[str, str] | None = self.php("return get_option( 'citewell', null );")
        return stored

    def publish(self, text: str, author: str = "admin") -> str:
        """A new page with this text, and its address."""
        number = self.php(
            "wp_set_current_user( get_user_by( 'login', $given['author'] )->ID );"
            "return wp_insert_post( array( 'post_type' => 'page', 'post_title' => 'Page', 'post_status' => 'publish',"
            " 'post_content' => wp_slash( $given['text'] ) ) );",
            text=text,
            author=author,
        )
        return f"{self.address}/?page_id={number}"

    def begin(self) -> None:
        """As after an installation: a fresh copy of the plugin, switched on, and no settings."""
        place = self.folder / "wp-content" / "plugins" / "citewell"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(PLUGIN, place)
        self.php(
            "require_once 'wp-admin/includes/plugin.php'; wp_clean_plugins_cache(); delete_option( 'citewell' );"
            "$error = activate_plugin( 'citewell/citewell.php' );"
            "if ( $error ) { throw new Exception( $error->get_error_message() ); }"
        )

    def complaints(self) -> list[str]:
        """What PHP has noticed about the plugin: warnings, notices, deprecations."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [line for line in lines if "citewell" in line]


def run_php(folder: Path, code: str, given: dict[str, Any]) -> Any:
    """Run PHP in ``folder``. What goes in and what comes back is JSON, the latter in the last line of the output."""
    script = (
        "$given = json_decode( stream_get_contents( STDIN ), true );"
        "$_SERVER['HTTP_HOST'] = 'localhost'; $_SERVER['REQUEST_URI'] = '/';"
        f"$result = ( function ( $given ) {{ {code} }} )( $given );"
        'echo "\\n", json_encode( $result );'
    )
    # Compiled files are kept beside the site: they halve the time of a call.
    compiled = folder.parent / "compiled"
    compiled.mkdir(exist_ok=True)
    options = {
        "display_errors": "stderr",
        "log_errors": "0",
        "opcache.enable_cli": "1",
        "opcache.file_cache": str(compiled),
        "opcache.file_cache_only": "1",
    }
    done = subprocess.run(
        [program("php"), *(f"-d{name}={value}" for name, value in options.items()), "-r", script],
        cwd=folder,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.rsplit("\n", 1)[1])


@contextmanager
def running(command: Sequence[str], ready: str, environment: dict[str, str] | None = None) -> Iterator[re.Match[str]]:
    """Run ``command`` until the block ends; wait for the line of its error output that matches ``ready``.

    The process and its children form a group of their own, so that none of them stays behind.
    """
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )
    try:
        yield first_match(process, ready)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)


def first_match(process: subprocess.Popen[str], ready: str) -> re.Match[str]:
    """The match in the first line of the error output that has one; an end without one is told with all its lines."""
    lines: list[str] = []
    for line in process.stderr or ():
        lines.append(line)
        if found := re.search(ready, line):
            return found
    raise AssertionError("".join(lines))


@contextmanager
def database(folder: Path) -> Iterator[Path]:
    """MariaDB with a fresh data folder and no port; the path of its socket.

    Nobody can reach the socket but this user, so the tables of rights are left out: they would take seconds to make.
    """
    data, socket = folder / "data", folder / "database.sock"
    data.mkdir()
    command = [
        program("mariadbd"),
        "--no-defaults",
        f"--user={getpass.getuser()}",
        f"--datadir={data}",
        f"--socket={socket}",
        f"--pid-file={folder / 'database.pid'}",
        "--skip-networking",
        "--skip-grant-tables",
        "--innodb-flush-log-at-trx-commit=0",
    ]
    with running(command, "ready for connections"):
        yield socket


@contextmanager
def wordpress(folder: Path) -> Iterator[WordPress]:
    """A WordPress, installed and served; the plugin is switched on and has no settings."""
    site, log = folder / "site", folder / "debug.log"
    shutil.copytree(SOURCE, site, ignore=shutil.ignore_patterns(".htaccess", "wp-config.php"))
    with database(folder) as socket, served(site) as address:
        (site / "wp-config.php").write_text(CONFIGURATION.format(socket=socket, log=log), "utf-8")
        run_php(
            site, f"( new mysqli( null, 'root', '', '', 0, '{socket}' ) )->query( 'CREATE DATABASE wordpress' );", {}
        )
        run_php(site, INSTALLATION, {"password": PASSWORD, "address": address})
        started = WordPress(site, address, log)
        started.begin()
        yield started


@contextmanager
def served(site: Path) -> Iterator[str]:
    """PHP's own server on a free loopback port; its address. Four workers, because a browser asks for files at once."""
    command = [program("php"), "-q", "-S", "127.0.0.1:0", "-t", str(site)]
    with running(command, r"\((http://127\.0\.0\.1:\d+)\) started", {"PHP_CLI_SERVER_WORKERS": "4"}) as found:
        yield found[1]
