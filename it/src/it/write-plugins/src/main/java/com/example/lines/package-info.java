/** The plugin {@code lines}: workers answer lines of text. Owns {@code lines-loop} and a pool. */
@NullMarked
package com.example.lines;

import org.jspecify.annotations.NullMarked;
