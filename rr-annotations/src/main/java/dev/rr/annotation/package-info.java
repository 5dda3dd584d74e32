/**
 * What a plugin author writes: {@link dev.rr.annotation.Plugin} on the class, {@link
 * dev.rr.annotation.Collects} on the methods that take what other plugins offer, and a few markers
 * around them. The processor reads them at compile time; nothing reads them at run time.
 */
package dev.rr.annotation;
