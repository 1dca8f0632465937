<?php
/**
 * The settings: one table, a check for each, and what is stored.
 *
 * A check takes a text that is not empty and returns it in the form that is kept, or a WP_Error whose message is one
 * sentence: what would be right.
 *
 * @package Citewell
 */

defined( 'ABSPATH' ) || exit;

/** White text stands on the colour; WCAG 2.2 asks for this contrast (1.4.3), and the widget refuses what is below it. */
const CITEWELL_LEAST_CONTRAST = 4.5;

/**
 * Every setting in the order of the settings page.
 *
 * "attribute" is the option of the script tag that hands the setting to the widget. A setting that equals its default
 * is not handed over, because the widget has the same default.
 *
 * @return array<string, array<string, mixed>>
 */
function citewell_fields() {
	return array(
		'server'    => array(
			'section'     => 'server',
			'label'       => __( 'Server’s address', 'citewell' ),
			'hint'        => __( 'Where your Citewell runs, without anything after it. Until this is filled in, visitors see nothing.', 'citewell' ),
			'placeholder' => 'https://ask.clinic.example',
			'type'        => 'url',
			'default'     => '',
			'check'       => 'citewell_check_server',
			'attribute'   => 'data-api',
		),
		'where'     => array(
			'section' => 'server',
			'label'   => __( 'Show it', 'citewell' ),
			'hint'    => __( 'With [citewell] in its text, a page has the questions in place instead of the button.', 'citewell' ),
			'default' => 'everywhere',
			'choices' => array(
				'everywhere' => __( 'on every page, as a button in the corner', 'citewell' ),
				'shortcode'  => __( 'only on pages with the shortcode [citewell]', 'citewell' ),
			),
		),
		'phone'     => array(
			'section'     => 'help',
			'label'       => __( 'Clinic’s telephone', 'citewell' ),
			'hint'        => __( 'Visitors see it even when the server cannot be reached.', 'citewell' ),
			'placeholder' => '01877 733322',
			'type'        => 'tel',
			'default'     => '',
			'check'       => 'citewell_check_phone',
			'attribute'   => 'data-phone',
		),
		'emergency' => array(
			'section'     => 'help',
			'label'       => __( 'Emergency number', 'citewell' ),
			'hint'        => __( 'What people call for an ambulance where your clinic is.', 'citewell' ),
			'placeholder' => '999',
			'type'        => 'tel',
			'default'     => '',
			'check'       => 'citewell_check_emergency',
			'attribute'   => 'data-emergency',
		),
		'language'  => array(
			'section'   => 'looks',
			'label'     => __( 'Language', 'citewell' ),
			'hint'      => __( 'Of the buttons and labels. Answers stay in the language in which your clinic wrote them.', 'citewell' ),
			'default'   => '',
			'choices'   => array(
				''   => __( 'the page’s own', 'citewell' ),
				'en' => 'English',
				'bn' => 'বাংলা',
			),
			'attribute' => 'data-lang',
		),
		'position'  => array(
			'section'   => 'looks',
			'label'     => __( 'Position of the button', 'citewell' ),
			'hint'      => __( 'On pages written from right to left the two change sides.', 'citewell' ),
			'default'   => 'end',
			'choices'   => array(
				'end'   => __( 'at the line’s end (right)', 'citewell' ),
				'start' => __( 'at the line’s start (left)', 'citewell' ),
			),
			'attribute' => 'data-position',
		),
		'offset_x'  => array(
			'section'     => 'looks',
			'label'       => __( 'Distance from the side', 'citewell' ),
			'hint'        => __( 'In pixels.', 'citewell' ),
			'placeholder' => '20',
			'type'        => 'number',
			'default'     => '',
			'check'       => 'citewell_check_offset',
			'attribute'   => 'data-offset-x',
		),
		'offset_y'  => array(
			'section'     => 'looks',
			'label'       => __( 'Distance from the bottom', 'citewell' ),
			'hint'        => __( 'In pixels. More of it lifts the button above a bar of the theme.', 'citewell' ),
			'placeholder' => '20',
			'type'        => 'number',
			'default'     => '',
			'check'       => 'citewell_check_offset',
			'attribute'   => 'data-offset-y',
		),
		'color'     => array(
			'section'     => 'looks',
			'label'       => __( 'Colour', 'citewell' ),
			'hint'        => __( 'Your clinic’s colour as in a style sheet. White text must be readable on it.', 'citewell' ),
			'placeholder' => '#0b5c57',
			'type'        => 'text',
			'default'     => '',
			'check'       => 'citewell_check_color',
			'attribute'   => 'data-color',
		),
		'label'     => array(
			'section'     => 'looks',
			'label'       => __( 'Text of the button', 'citewell' ),
			'hint'        => __( 'Empty: “Ask a question” in the visitor’s language.', 'citewell' ),
			'placeholder' => __( 'Ask a question', 'citewell' ),
			'type'        => 'text',
			'default'     => '',
			'check'       => 'citewell_check_label',
			'attribute'   => 'data-label',
		),
		'release'   => array(
			'section' => 'pinned',
			'label'   => __( 'Release', 'citewell' ),
			'hint'    => __( 'The part between /w/ and /widget.js.', 'citewell' ),
			'type'    => 'text',
			'default' => '',
			'check'   => 'citewell_check_release',
		),
		'integrity' => array(
			'section' => 'pinned',
			'label'   => __( 'Integrity', 'citewell' ),
			'hint'    => __( 'Begins with sha384-.', 'citewell' ),
			'type'    => 'text',
			'default' => '',
			'check'   => 'citewell_check_integrity',
		),
	);
}

/**
 * One value in the form that is kept.
 *
 * @param array<string, mixed> $field One of citewell_fields().
 * @param mixed                $value What was typed or stored; the default stands for what is empty or no text.
 * @return string|WP_Error
 */
function citewell_checked( $field, $value ) {
	$value = is_scalar( $value ) ? trim( wp_check_invalid_utf8( (string) $value ) ) : '';
	if ( '' === $value ) {
		return $field['default'];
	}
	if ( isset( $field['choices'] ) ) {
		return isset( $field['choices'][ $value ] )
			? $value
			: new WP_Error( 'citewell', __( 'Choose one of those listed.', 'citewell' ) );
	}
	return call_user_func( $field['check'], $value );
}

/**
 * The settings as they are used. They are checked again here, so that what came into the database on another way
 * than through the settings page reaches no visitor.
 *
 * @return array<string, string>
 */
function citewell_settings() {
	$stored   = get_option( 'citewell', array() );
	$settings = array();
	foreach ( citewell_fields() as $name => $field ) {
		$value             = citewell_checked( $field, is_array( $stored ) ? ( $stored[ $name ] ?? '' ) : '' );
		$settings[ $name ] = is_wp_error( $value ) ? $field['default'] : $value;
	}
	return $settings;
}

/**
 * The server's address without a slash at its end.
 *
 * @param string $value As typed; the address of the script or of the page to ask on is understood too.
 * @return string|WP_Error
 */
function citewell_check_server( $value ) {
	$address = preg_replace( '~/+(widget\.js|chat)?/*$~', '', $value );
	// Letters, digits, dots and hyphens, a port, and plain folders: nothing that needs escaping can be in it.
	$form = '~^(?P<scheme>https?)://(?P<host>[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[::1\])(:\d{1,5})?(/[a-z0-9_.\~-]+)*$~iD';
	if ( ! preg_match( $form, $address, $part ) ) {
		return new WP_Error( 'citewell', __( 'Expected an address such as https://ask.clinic.example.', 'citewell' ) );
	}
	$here = in_array( strtolower( $part['host'] ), array( 'localhost', '127.0.0.1', '[::1]' ), true );
	if ( 'https' !== strtolower( $part['scheme'] ) && ! $here ) {
		return new WP_Error( 'citewell', __( 'The address must begin with https://, because questions about health travel over it; http:// is for tests on localhost only.', 'citewell' ) );
	}
	return $address;
}

/**
 * A telephone number as people write it.
 *
 * @param string $value As typed.
 * @return string|WP_Error
 */
function citewell_check_phone( $value ) {
	if ( preg_match( '~^\+?[0-9(][0-9 ()./-]{2,28}[0-9]$~D', $value ) ) {
		return $value;
	}
	return new WP_Error( 'citewell', __( 'Expected a telephone number in the digits 0 to 9, such as 01877 733322 or +880 1877 733322.', 'citewell' ) );
}

/**
 * The number for an ambulance.
 *
 * @param string $value As typed.
 * @return string|WP_Error
 */
function citewell_check_emergency( $value ) {
	if ( preg_match( '~^\+?[0-9][0-9 -]{1,14}$~D', $value ) ) {
		return $value;
	}
	return new WP_Error( 'citewell', __( 'Expected the number alone in the digits 0 to 9, such as 999 or 112.', 'citewell' ) );
}

/**
 * A distance in pixels.
 *
 * @param string $value As typed.
 * @return string|WP_Error
 */
function citewell_check_offset( $value ) {
	// 400: more would push the button out of a small telephone's screen. Chosen.
	if ( ctype_digit( $value ) && (int) $value <= 400 ) {
		return (string) (int) $value;
	}
	return new WP_Error( 'citewell', __( 'Expected a whole number of pixels from 0 to 400.', 'citewell' ) );
}

/**
 * A colour on which white text can be read.
 *
 * @param string $value As typed.
 * @return string|WP_Error
 */
function citewell_check_color( $value ) {
	if ( ! preg_match( '~^#([0-9a-f]{3}|[0-9a-f]{6})$~iD', $value ) ) {
		return new WP_Error( 'citewell', __( 'Expected # and three or six of the characters 0 to 9 and a to f, such as #0b5c57.', 'citewell' ) );
	}
	$contrast = citewell_contrast_to_white( $value );
	if ( $contrast < CITEWELL_LEAST_CONTRAST ) {
		return new WP_Error(
			'citewell',
			sprintf(
				/* translators: 1: contrast, such as 2.1. 2: least contrast, 4.5. */
				__( 'White text cannot be read well on this colour: its contrast is %1$s to 1, and at least %2$s to 1 is needed. Choose a darker one.', 'citewell' ),
				// Rounded down: 4.46 must not read as the 4.5 that was asked for.
				number_format_i18n( floor( $contrast * 10 ) / 10, 1 ),
				number_format_i18n( CITEWELL_LEAST_CONTRAST, 1 )
			)
		);
	}
	return strtolower( $value );
}

/**
 * Contrast of a colour to white, from 1 (white) to 21 (black). Source: WCAG 2.2, "contrast ratio".
 *
 * @param string $color # and three or six hexadecimal digits.
 * @return float
 */
function citewell_contrast_to_white( $color ) {
	$digits = substr( $color, 1 );
	if ( 3 === strlen( $digits ) ) {
		$digits = preg_replace( '~(.)~', '$1$1', $digits );
	}
	$luminance = 0.0;
	foreach ( array( 0.2126, 0.7152, 0.0722 ) as $place => $weight ) {
		$part       = hexdec( substr( $digits, 2 * $place, 2 ) ) / 255;
		$luminance += $weight * ( $part <= 0.04045 ? $part / 12.92 : ( ( $part + 0.055 ) / 1.055 ) ** 2.4 );
	}
	return 1.05 / ( $luminance + 0.05 );
}

/**
 * A short text without markup.
 *
 * @param string $value As typed.
 * @return string|WP_Error
 */
function citewell_check_label( $value ) {
	// 40 characters: a button that still fits on a telephone of 320 px. Chosen.
	if ( sanitize_text_field( $value ) === $value && mb_strlen( $value ) <= 40 ) {
		return $value;
	}
	return new WP_Error( 'citewell', __( 'Expected up to 40 characters on one line, without HTML.', 'citewell' ) );
}

/**
 * The name of a release as it stands in the script's address.
 *
 * @param string $value As typed.
 * @return string|WP_Error
 */
function citewell_check_release( $value ) {
	if ( preg_match( '~^[a-z0-9][a-z0-9.+_-]{0,63}$~iD', $value ) ) {
		return $value;
	}
	return new WP_Error( 'citewell', __( 'Expected the release alone, as “citewell embed” prints it: the part between /w/ and /widget.js.', 'citewell' ) );
}

/**
 * The script's hash for the integrity attribute.
 *
 * @param string $value As typed.
 * @return string|WP_Error
 */
function citewell_check_integrity( $value ) {
	// 48 bytes are 64 characters of base64.
	if ( preg_match( '~^sha384-[a-z0-9+/]{64}$~iD', $value ) ) {
		return $value;
	}
	return new WP_Error( 'citewell', __( 'Expected sha384- and 64 characters after it, as “citewell embed” prints it.', 'citewell' ) );
}
