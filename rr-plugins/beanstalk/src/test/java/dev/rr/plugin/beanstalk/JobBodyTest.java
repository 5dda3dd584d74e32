package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.jobs.Job;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobBodyTest {
  /** What Go's encoder makes of upstream's struct. */
  private static final String OF_GO =
      "47ff81030101044974656d01ff8200010501034a6f62010c0001054964656e74010c0001075061796c6f6164010a"
          + "0001044864727301ff860001074f7074696f6e7301ff88000000"
          + "24ff85040101136d61705b737472696e675d5b5d737472696e6701ff8600010c01ff840000"
          + "0cff83020102ff8400010c0000"
          + "4fff87030101074f7074696f6e7301ff8800010501085072696f726974790104000108506970656c696e6501"
          + "0c00010544656c617901040001074175746f41636b01020001055175657565010c000000"
          + "50ff820112736f6d652f7068702f6e616d65737061636501066a6f622d696401117b2268656c6c6f223a2277"
          + "6f726c64227d01010474657374010574657374320101060106746573742d31010a01010000";

  private static final JobBody SAME =
      new JobBody(
          new Job(
              "job-id",
              "some/php/namespace",
              "{\"hello\":\"world\"}".getBytes(UTF_8),
              Map.of("test", List.of("test2")),
              new Job.Options(3, Duration.ofSeconds(5), true, Job.LogPlace.NONE)),
          "test-1");

  private static void check(JobBody read, JobBody expected) {
    assertThat(read.pipeline()).isEqualTo(expected.pipeline());
    assertThat(read.job().id()).isEqualTo(expected.job().id());
    assertThat(read.job().name()).isEqualTo(expected.job().name());
    assertThat(read.job().payload()).isEqualTo(expected.job().payload());
    assertThat(read.job().headers()).isEqualTo(expected.job().headers());
    assertThat(read.job().options()).isEqualTo(expected.job().options());
  }

  @Test
  void writesTheBytesOfGosEncoder() {
    assertThat(SAME.encode()).asHexString().isEqualToIgnoringCase(OF_GO);
  }

  @Test
  void readsTheBytesOfGosEncoder() {
    check(JobBody.decode(HexFormat.of().parseHex(OF_GO)), SAME);
  }

  @Test
  void readsWhatItWrites() {
    byte[] large = new byte[70_000];
    Arrays.fill(large, (byte) 200);
    JobBody body =
        new JobBody(
            new Job(
                "",
                "ж",
                large,
                Map.of("none", List.of(), "two", List.of("", "ü".repeat(300))),
                new Job.Options(Long.MIN_VALUE, Duration.ofDays(1000), false, Job.LogPlace.NONE)),
            "");
    check(JobBody.decode(body.encode()), body);
  }

  @Test
  void readsAJobOfTheFirstVersionsWhosePayloadIsAText() {
    // Two fields that nobody knows are behind it, with arrays, slices, floats and other numbers.
    String ofGo =
        "5e7f030101044974656d01ff8000010701034a6f62010c0001054964656e74010c0001075061796c6f616401"
            + "0c0001074865616465727301ff840001074f7074696f6e7301ff86000105457874726101ff880001044d6f"
            + "726501ff8e00000024ff83040101136d61705b737472696e675d5b5d737472696e6701ff8400010c01ff82"
            + "00000cff81020102ff8200010c000045ff85030101074f7074696f6e7301ff8600010401085072696f7269"
            + "74790104000108506970656c696e65010c00010544656c617901040001074175746f41636b01020000001a"
            + "ff870101010a5b325d666c6f6174363401ff880001080104000032ff8d020101235b5d737472756374207b"
            + "20412075696e743b2042206d61705b696e745d626f6f6c207d01ff8e0001ff8a000019ff89030102ff8a00"
            + "010201014101060001014201ff8c0000001cff8b0401010c6d61705b696e745d626f6f6c01ff8c00010401"
            + "0200002eff8001016a0101690101700101016801017601010d01036f6c64000102fef83fffc0010101fe01"
            + "2c010101010000";
    check(
        JobBody.decode(HexFormat.of().parseHex(ofGo)),
        new JobBody(
            new Job(
                "i",
                "j",
                new byte[] {'p'},
                Map.of("h", List.of("v")),
                new Job.Options(-7, Duration.ZERO, false, Job.LogPlace.NONE)),
            "old"));
  }

  @Test
  void takesWhatSomebodyElseHasPutAsItsPayload() {
    for (String text :
        List.of("", "fooobarrbazzz", "{\"a\":1}", "\u0000", "\u0003\u0004\u0000\u0002")) {
      byte[] foreign = text.getBytes(UTF_8);
      JobBody read = JobBody.decode(foreign);
      assertThat(read.job().name()).isEqualTo("deduced_by_rr");
      assertThat(read.job().id()).hasSize(36);
      assertThat(read.job().payload()).isEqualTo(foreign);
      assertThat(read.job().headers()).isEmpty();
      assertThat(read.job().options()).isEqualTo(Job.Options.NONE);
      assertThat(read.pipeline()).isEmpty();
    }
  }

  @Test
  void takesWhatIsBrokenAnywhereAsForeignOrAsAJobButNeverFails() {
    byte[] whole = SAME.encode();
    for (int i = 0; i < whole.length; i++) {
      assertThat(JobBody.decode(Arrays.copyOf(whole, i)).job().name()).isEqualTo(Job.FOREIGN);
      for (int change : new int[] {0x01, 0x7f, 0x80, 0xff}) {
        byte[] broken = whole.clone();
        broken[i] ^= (byte) change;
        assertThat(JobBody.decode(broken)).isNotNull();
      }
    }
  }
}
