package dev.rr.plugin.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Job;
import dev.rr.proto.JobsProto;
import org.junit.jupiter.api.Test;

class JobMessagesTest {
  private final CommonParts common = new CommonParts();

  /** As it comes: with texts of its own. */
  private Job job(String name, long delay) throws Exception {
    JobsProto.Options options =
        JobsProto.Options.newBuilder().setPipeline("a").setDelay(delay).build();
    byte[] sent =
        JobsProto.Job.newBuilder()
            .setId("id")
            .setJob(name)
            .setOptions(options)
            .build()
            .toByteArray();
    return JobMessages.job(JobsProto.Job.parseFrom(sent), 10, common);
  }

  @Test
  void jobsThatAreAlikeHaveTheirNameAndOptionsOnce() throws Exception {
    Job first = job("task", 60);
    Job second = job("task", 60);
    assertThat(second.name()).isSameAs(first.name()).isEqualTo("task");
    assertThat(second.options()).isSameAs(first.options());
    Job other = job("other", 61);
    assertThat(other.name()).isEqualTo("other");
    assertThat(other.options().delay()).hasSeconds(61);
    assertThat(other.options().priority()).isEqualTo(10);
  }
}
