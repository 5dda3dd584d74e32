/**
 * Processes beside the workers: queue consumers, cron daemons, whatever has to run as long as the
 * server does. Owns a thread for each process, {@code rr-service-<name>-<n>}, which starts it,
 * waits for its end and starts it again, one for what it prints, and a guard that kills what is
 * left when the server is killed.
 */
@NullMarked
package dev.rr.plugin.service;

import org.jspecify.annotations.NullMarked;
