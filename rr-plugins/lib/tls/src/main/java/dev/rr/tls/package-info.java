/**
 * What plugins that listen with TLS share. {@link dev.rr.tls.Pem} reads and writes keys and
 * certificates, {@link dev.rr.tls.FileWatch} tells when files have changed. Knows no server and no
 * TLS library beside the JDK's.
 */
@NullMarked
package dev.rr.tls;

import org.jspecify.annotations.NullMarked;
