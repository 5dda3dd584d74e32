/** The plugin {@code page}: what an operator wants to see, on a port of its own. */
@NullMarked
package com.example.page;

import org.jspecify.annotations.NullMarked;
