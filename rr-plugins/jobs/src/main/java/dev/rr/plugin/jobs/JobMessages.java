package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Job;
import dev.rr.proto.JobsProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Jobs as clients send them. */
final class JobMessages {
  private JobMessages() {}

  /**
   * A job.
   *
   * @param priority that of its pipeline, which counts when it says none
   * @param common what it has in common with others of its pipeline
   */
  static Job job(JobsProto.Job message, long priority, CommonParts common) {
    return new Job(
        message.getId(),
        common.name(message.getJob()),
        message.getPayload().toByteArray(),
        headers(message),
        common.options(options(message.getOptions(), priority)));
  }

  private static Map<String, List<String>> headers(JobsProto.Job message) {
    if (message.getHeadersCount() == 0) {
      return Map.of();
    }
    Map<String, List<String>> headers = new HashMap<>();
    message
        .getHeadersMap()
        .forEach((name, of) -> headers.put(name, List.copyOf(of.getValueList())));
    return headers;
  }

  private static Job.Options options(JobsProto.Options options, long priority) {
    return new Job.Options(
        options.getPriority() == 0 ? priority : options.getPriority(),
        Job.delay(options.getDelay()),
        options.getAutoAck(),
        place(options));
  }

  private static Job.LogPlace place(JobsProto.Options options) {
    if (options.getTopic().isEmpty()
        && options.getMetadata().isEmpty()
        && options.getPartition() == 0
        && options.getOffset() == 0) {
      return Job.LogPlace.NONE;
    }
    return new Job.LogPlace(
        options.getTopic(), options.getMetadata(), options.getPartition(), options.getOffset());
  }
}
