/** Stands where the generated assembly stands in a packed file. */
package dev.rr.assembly;
