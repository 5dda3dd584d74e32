@NullMarked
package dev.rr.build.application;

import org.jspecify.annotations.NullMarked;
