/** The driver {@code heap}: keeps keys and values in memory. */
@NullMarked
package com.example.heap;

import org.jspecify.annotations.NullMarked;
