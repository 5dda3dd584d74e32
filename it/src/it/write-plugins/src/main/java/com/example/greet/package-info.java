/** The sub-command {@code rr greet}. */
@NullMarked
package com.example.greet;

import org.jspecify.annotations.NullMarked;
