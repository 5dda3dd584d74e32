package dev.rr.api.jobs;

import dev.rr.api.config.Section;

/**
 * A pipeline that is to be opened.
 *
 * @param name as configured or declared
 * @param priority that of its jobs that say none; the lower, the sooner
 * @param config the driver's keys, whether they stand in the pipeline's {@code config} or beside
 *     it, and the few that {@code jobs} reads itself ({@code driver}, {@code priority}, …), which a
 *     driver's record need not have. Of a declared pipeline they are texts, decoded as weakly as
 *     upstream does
 * @param declared whether it came over RPC, not from the file
 */
public record PipelineSpec(String name, long priority, Section config, boolean declared) {}
