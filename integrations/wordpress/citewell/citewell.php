<?php
/**
 * Plugin Name:       Citewell
 * Description:       Puts the clinic’s Citewell on the website: visitors ask a question and read the clinic’s own answer, word for word, with its source.
 * Version:           1.0.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            The Citewell authors
 * License:           MIT (compatible with the GPL)
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       citewell
 *
 * WordPress asks that plugins may be passed on under the GPL. The MIT licence allows that: whoever wants to may
 * pass this plugin on under the GPL, version 2 or later.
 *
 * What it does: one script tag in the footer, a plain link for visitors without scripts, the shortcode [citewell],
 * and a settings page. It sends no request of its own, sets no cookie and keeps one option, "citewell".
 *
 * fields.php         the settings: what each is, what it may be, what is stored
 * site.php           what visitors get: script, link, shortcode
 * settings-page.php  Settings → Citewell
 * uninstall.php      removes the option
 *
 * @package Citewell
 */

defined( 'ABSPATH' ) || exit;

require __DIR__ . '/fields.php';
require __DIR__ . '/site.php';

if ( is_admin() ) {
	require __DIR__ . '/settings-page.php';
}
