<?php
/**
 * What visitors get: the script tag, the plain link and the shortcode.
 *
 * @package Citewell
 */

defined( 'ABSPATH' ) || exit;

add_action( 'wp_enqueue_scripts', 'citewell_on_every_page' );
add_action( 'wp_footer', 'citewell_link_without_script' );
add_filter( 'script_loader_tag', 'citewell_script_tag', 10, 2 );
add_shortcode( 'citewell', 'citewell_shortcode' );

/**
 * The script where it is wanted on every page.
 */
function citewell_on_every_page() {
	if ( 'everywhere' === citewell_settings()['where'] ) {
		citewell_enqueue();
	}
}

/**
 * Put the script into the footer; without a server there is none.
 */
function citewell_enqueue() {
	$settings = citewell_settings();
	if ( '' === $settings['server'] ) {
		return;
	}
	$path = citewell_is_pinned( $settings ) ? '/w/' . rawurlencode( $settings['release'] ) . '/widget.js' : '/widget.js';
	// Before WordPress 6.3 the last argument was yes or no for the footer, and an array counts as yes there. No version
	// in the address: the server says by itself how long the script may be kept.
	wp_enqueue_script(
		'citewell',
		$settings['server'] . $path,
		array(),
		null, // phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion
		array(
			'in_footer' => true,
			'strategy'  => 'async',
		)
	);
}

/**
 * Whether the script is to be the exact one that the administrator named.
 *
 * @param array<string, string> $settings From citewell_settings().
 * @return bool
 */
function citewell_is_pinned( $settings ) {
	return '' !== $settings['release'] && '' !== $settings['integrity'];
}

/**
 * Our script tag with its attributes. They stand before the address because Cloudflare's Rocket Loader looks for
 * data-cfasync only there. The rest of the tag is WordPress's own and stays, such as a nonce.
 *
 * @param string $tag    The tag, maybe with inline scripts around it.
 * @param string $handle The script's name.
 * @return string
 */
function citewell_script_tag( $tag, $handle ) {
	if ( 'citewell' !== $handle ) {
		return $tag;
	}
	return preg_replace_callback(
		'~<script(?=\s[^>]*\bsrc=)([^>]*)~',
		static function ( $found ) {
			$async = preg_match( '~\sasync(\s|=|$)~', $found[1] ) ? '' : ' async'; // From WordPress 6.3 on it is there.
			return '<script' . $async . citewell_script_attributes() . $found[1];
		},
		$tag,
		1
	);
}

/**
 * The attributes for optimisers and for the widget, escaped, with a space before each.
 *
 * @return string
 */
function citewell_script_attributes() {
	$settings   = citewell_settings();
	$attributes = array(
		'nowprocket'       => true, // WP Rocket.
		'data-cfasync'     => 'false', // Cloudflare Rocket Loader.
		'data-no-optimize' => '1', // LiteSpeed Cache, SiteGround and others.
		'data-turbo-eval'  => 'false', // Turbo must not run it again with every page.
	);
	if ( citewell_is_pinned( $settings ) ) {
		$attributes['integrity']   = $settings['integrity'];
		$attributes['crossorigin'] = 'anonymous';
	}
	foreach ( citewell_fields() as $name => $field ) {
		if ( isset( $field['attribute'] ) && $settings[ $name ] !== $field['default'] ) {
			$attributes[ $field['attribute'] ] = $settings[ $name ];
		}
	}
	$written = '';
	foreach ( $attributes as $name => $value ) {
		$written .= true === $value ? ' ' . $name : sprintf( ' %s="%s"', $name, esc_attr( $value ) );
	}
	return $written;
}

/**
 * The plain link to the page to ask on; the script lets it open the widget instead.
 *
 * @param string $text What the link says; empty for the button's text.
 * @return string
 */
function citewell_link( $text = '' ) {
	$settings = citewell_settings();
	$text     = $text ? $text : $settings['label'];
	$text     = $text ? $text : __( 'Ask a question', 'citewell' );
	return sprintf( '<a class="citewell-link" href="%s" data-citewell>%s</a>', esc_url( $settings['server'] . '/chat' ), esc_html( $text ) );
}

/**
 * At the page's end the link for visitors without scripts; nobody else sees it.
 */
function citewell_link_without_script() {
	if ( 'everywhere' === citewell_settings()['where'] && wp_script_is( 'citewell', 'enqueued' ) ) {
		echo '<noscript><p class="citewell" style="padding: 1em; text-align: center">' . citewell_link() . "</p></noscript>\n"; // phpcs:ignore WordPress.Security.EscapeOutput
	}
}

/**
 * [citewell] puts the questions into the page, [citewell link="Ask us"] a link that opens them.
 *
 * The link inside the element shows until the script has taken over, and where it cannot. Themes give blocks their
 * place in the column, which the element is not before the script has come: hence the div.
 *
 * @param array<string, string>|string $attributes As written in the page.
 * @return string
 */
function citewell_shortcode( $attributes ) {
	if ( '' === citewell_settings()['server'] ) {
		return current_user_can( 'manage_options' )
			? '<p>' . esc_html__( 'Citewell: fill in the server’s address under Settings → Citewell. Only administrators see this line.', 'citewell' ) . '</p>'
			: '';
	}
	$attributes = shortcode_atts( array( 'link' => '' ), $attributes, 'citewell' );
	if ( is_feed() ) {
		return citewell_link( $attributes['link'] ); // No scripts in a feed reader.
	}
	citewell_enqueue();
	return $attributes['link']
		? citewell_link( $attributes['link'] )
		: '<div class="citewell"><citewell-chat inline>' . citewell_link() . '</citewell-chat></div>';
}
