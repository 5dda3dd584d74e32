package dev.rr.plugin.service;

import dev.rr.plugin.service.ServiceConfig.Service;
import dev.rr.process.ProcessCommand;

/**
 * A service as it is to be started. Immutable.
 *
 * @param name as it was written
 * @param shown the command as it is told: the program's file and the arguments
 * @param configured whether it stands in the configuration; the others were made by calls
 */
record ServiceSpec(
    String name, Service config, ProcessCommand command, String shown, boolean configured) {}
