/**
 * The plugin {@code lines}: PHP answers lines of text on a port. Owns the event loops {@code
 * lines-loop} and a pool.
 */
@NullMarked
package com.example.lines;

import org.jspecify.annotations.NullMarked;
