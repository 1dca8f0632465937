<?php
/**
 * Settings → Citewell, for administrators (manage_options). The Settings API brings the nonce and the check of rights.
 *
 * @package Citewell
 */

defined( 'ABSPATH' ) || exit;

add_action( 'admin_menu', 'citewell_add_settings_page' );
add_action( 'admin_init', 'citewell_register_settings' );
add_action( 'admin_init', 'citewell_suggest_privacy_text' );
add_filter( 'plugin_action_links_' . plugin_basename( __DIR__ . '/citewell.php' ), 'citewell_action_links' );

/**
 * The entry in the menu.
 */
function citewell_add_settings_page() {
	add_options_page( 'Citewell', 'Citewell', 'manage_options', 'citewell', 'citewell_settings_page' );
}

/**
 * The link beside the plugin in the list of plugins.
 *
 * @param string[] $links What stands there already.
 * @return string[]
 */
function citewell_action_links( $links ) {
	$settings = sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=citewell' ) ), esc_html__( 'Settings', 'citewell' ) );
	return array_merge( array( $settings ), $links );
}

/**
 * The option with its fields.
 */
function citewell_register_settings() {
	register_setting(
		'citewell',
		'citewell',
		array(
			'type'              => 'array',
			'sanitize_callback' => 'citewell_sanitize',
		)
	);
	foreach ( citewell_sections() as $section => $title ) {
		add_settings_section( 'citewell_' . $section, $title, 'citewell_section', 'citewell' );
	}
	foreach ( citewell_fields() as $name => $field ) {
		add_settings_field(
			'citewell_' . $name,
			$field['label'],
			'citewell_input',
			'citewell',
			'citewell_' . $field['section'],
			array(
				'label_for' => 'citewell-' . $name,
				'name'      => $name,
			)
		);
	}
}

/**
 * The sections' headings.
 *
 * @return array<string, string>
 */
function citewell_sections() {
	return array(
		'server' => __( 'Your Citewell', 'citewell' ),
		'help'   => __( 'Help by telephone', 'citewell' ),
		'looks'  => __( 'How it looks', 'citewell' ),
		'pinned' => __( 'One exact script (optional)', 'citewell' ),
	);
}

/**
 * What stands under a section's heading.
 *
 * @param array<string, mixed> $section From WordPress.
 */
function citewell_section( $section ) {
	if ( 'citewell_server' === $section['id'] ) {
		printf(
			'<p>%s</p><p><code>CITEWELL_ALLOWED_ORIGINS=%s</code></p>',
			esc_html__( 'Your Citewell server has to allow this website. Give whoever runs it this line:', 'citewell' ),
			esc_html( citewell_origin() )
		);
	}
	if ( 'citewell_pinned' === $section['id'] ) {
		printf(
			'<p>%s</p>',
			esc_html__( 'Empty: updates of the server reach visitors by themselves. Filled in with what “citewell embed” prints: browsers refuse every other script, and both fields have to be changed after an update of the server.', 'citewell' )
		);
	}
}

/**
 * This website's origin, as browsers send it: scheme, host and port.
 *
 * @return string
 */
function citewell_origin() {
	$part = wp_parse_url( home_url() );
	return $part['scheme'] . '://' . $part['host'] . ( isset( $part['port'] ) ? ':' . $part['port'] : '' );
}

/**
 * One field with its hint.
 *
 * @param array<string, string> $arguments "name" is the field's.
 */
function citewell_input( $arguments ) {
	$name  = $arguments['name'];
	$field = citewell_fields()[ $name ];
	$value = citewell_settings()[ $name ];
	if ( isset( $field['choices'] ) ) {
		printf( '<select id="citewell-%1$s" name="citewell[%1$s]" aria-describedby="citewell-%1$s-hint">', esc_attr( $name ) );
		foreach ( $field['choices'] as $choice => $label ) {
			printf( '<option value="%s" %s>%s</option>', esc_attr( $choice ), selected( $value, (string) $choice, false ), esc_html( $label ) );
		}
		echo '</select>';
	} else {
		printf(
			'<input type="%2$s" id="citewell-%1$s" name="citewell[%1$s]" value="%3$s" placeholder="%4$s" class="%5$s" aria-describedby="citewell-%1$s-hint">',
			esc_attr( $name ),
			esc_attr( $field['type'] ),
			esc_attr( $value ),
			esc_attr( $field['placeholder'] ?? '' ),
			'number' === $field['type'] ? 'small-text' : 'regular-text'
		);
	}
	printf( '<p class="description" id="citewell-%s-hint">%s</p>', esc_attr( $name ), esc_html( $field['hint'] ) );
}

/**
 * What is stored of what was sent. A wrong value is named, and the former one stays.
 *
 * @param mixed $sent From the form.
 * @return array<string, string>
 */
function citewell_sanitize( $sent ) {
	$former   = citewell_settings();
	$settings = $former;
	$failed   = array();
	if ( ! is_array( $sent ) ) {
		return $former;
	}
	foreach ( array_intersect_key( citewell_fields(), $sent ) as $name => $field ) {
		$value = citewell_checked( $field, $sent[ $name ] );
		if ( is_wp_error( $value ) ) {
			/* translators: 1: name of a field. 2: what was typed. 3: a sentence: what would be right. */
			$message = __( '%1$s: “%2$s” was not saved, and the former value stays. %3$s', 'citewell' );
			citewell_complain( $name, sprintf( $message, $field['label'], $sent[ $name ], $value->get_error_message() ) );
			$failed[ $name ] = true;
		} else {
			$settings[ $name ] = $value;
		}
	}
	return citewell_keep_together( $settings, $former, isset( $failed['release'] ) || isset( $failed['integrity'] ) );
}

/**
 * The settings with release and integrity both new or both as they were: browsers refuse a script whose hash belongs
 * to another release.
 *
 * @param array<string, string> $settings What is to be stored.
 * @param array<string, string> $former   What was stored.
 * @param bool                  $failed   Whether one of the two was wrong, which has been said already.
 * @return array<string, string>
 */
function citewell_keep_together( $settings, $former, $failed ) {
	$alone = ( '' === $settings['release'] ) !== ( '' === $settings['integrity'] );
	if ( $alone && ! $failed ) {
		citewell_complain( 'pinned', __( 'Release and integrity belong together: fill in both or neither. Both stay as they were.', 'citewell' ) );
	}
	if ( $alone || $failed ) {
		$settings['release']   = $former['release'];
		$settings['integrity'] = $former['integrity'];
	}
	return $settings;
}

/**
 * Show a message above the form. WordPress prints it as HTML, so it is escaped here.
 *
 * @param string $code    Names the message.
 * @param string $message Plain text.
 */
function citewell_complain( $code, $message ) {
	add_settings_error( 'citewell', 'citewell-' . $code, esc_html( $message ) );
}

/**
 * The page.
 */
function citewell_settings_page() {
	?>
	<div class="wrap">
		<h1>Citewell</h1>
		<form action="options.php" method="post">
			<?php
			settings_fields( 'citewell' );
			do_settings_sections( 'citewell' );
			submit_button();
			?>
		</form>
		<h2><?php esc_html_e( 'In the text of a page', 'citewell' ); ?></h2>
		<p><code>[citewell]</code> <?php esc_html_e( 'puts the questions and answers there.', 'citewell' ); ?></p>
		<p><code>[citewell link="Ask us a question"]</code> <?php esc_html_e( 'puts a link there that opens them.', 'citewell' ); ?></p>
	</div>
	<?php
}

/**
 * A paragraph for the site's privacy policy (Settings → Privacy → Policy guide).
 */
function citewell_suggest_privacy_text() {
	$server = citewell_settings()['server'];
	if ( '' === $server ) {
		return;
	}
	wp_add_privacy_policy_content(
		'Citewell',
		'<p>' . esc_html(
			sprintf(
				/* translators: %s: address of the clinic's server. */
				__( 'When you ask a question in “Ask a question”, your browser sends it to %s, which answers with a passage of our own content. No cookie is set. The conversation is kept in your browser’s tab until you close it.', 'citewell' ),
				$server
			)
		) . '</p>'
	);
}
