<?php
/**
 * Removes the option, on every site of a network.
 *
 * @package Citewell
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

if ( ! is_multisite() ) {
	delete_option( 'citewell' );
	return;
}

foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $citewell_site ) {
	delete_blog_option( $citewell_site, 'citewell' );
}
