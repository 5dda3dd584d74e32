/** What plugins see of job pipelines. */
@NullMarked
package dev.rr.api.jobs;

import org.jspecify.annotations.NullMarked;
