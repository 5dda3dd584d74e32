package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.grpc.GrpcStatus;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.ExecException.Kind;
import org.junit.jupiter.api.Test;

/** What clients are told of errors that workers send in a frame of their own. */
class WorkerErrorsTest {
  /** An {@code Any} whose bytes are no text. */
  private static final String DETAIL = "\n\2t/\22\3\b\u00ff\1";

  private static GrpcStatus status(String said) {
    return WorkerErrors.status(
        new ExecException(
            Kind.SOFT_JOB,
            "sync_worker_receive_frame: SoftJobError: " + said,
            said.getBytes(ISO_8859_1)));
  }

  @Test
  void codeMessageAndDetailsStandBetweenDelimiters() {
    GrpcStatus status = status("7|:|Unauthorized access `index`|:|" + DETAIL);

    assertThat(status.code()).isEqualTo(GrpcStatus.PERMISSION_DENIED);
    assertThat(status.message()).isEqualTo("Unauthorized access `index`");
    RpcStatus read = RpcStatus.parse(status.details());
    assertThat(read.code()).isEqualTo(7);
    assertThat(read.message()).isEqualTo("Unauthorized access `index`");
    assertThat(read.details())
        .singleElement()
        .satisfies(d -> assertThat(d.toByteArray()).isEqualTo(DETAIL.getBytes(ISO_8859_1)));
  }

  @Test
  void aMessageWithoutDetailsHasNone() {
    GrpcStatus status = status("5|:|gone");
    assertThat(status.code()).isEqualTo(5);
    assertThat(status.message()).isEqualTo("gone");
    assertThat(status.details()).isEmpty();
  }

  @Test
  void detailsThatAreNoMessagesAreLeftOut() {
    assertThat(status("5|:|gone|:|\u00ff\u00ff").details()).isEmpty();
  }

  @Test
  void codeZeroIsInternal() {
    assertThat(status("0|:|odd").code()).isEqualTo(GrpcStatus.INTERNAL);
  }

  @Test
  void whatDoesNotBeginWithANumberIsToldWhole() {
    GrpcStatus status = status("-1|:|odd");
    assertThat(status.code()).isEqualTo(GrpcStatus.UNKNOWN);
    assertThat(status.message()).isEqualTo("sync_worker_receive_frame: SoftJobError: -1|:|odd");
    assertThat(status("4294967296|:|odd").code()).isEqualTo(GrpcStatus.UNKNOWN);
    assertThat(status("|:|odd").code()).isEqualTo(GrpcStatus.UNKNOWN);
  }

  @Test
  void otherErrorsAreInternal() {
    GrpcStatus status = status("plain text");
    assertThat(status.code()).isEqualTo(GrpcStatus.INTERNAL);
    assertThat(status.message()).isEqualTo("sync_worker_receive_frame: SoftJobError: plain text");
    String none = "static_pool_exec: NoFreeWorkers:\n\tstatic_pool_exec";
    GrpcStatus refused = WorkerErrors.status(new ExecException(Kind.NO_FREE_WORKERS, none));
    assertThat(refused.code()).isEqualTo(GrpcStatus.INTERNAL);
    assertThat(refused.message()).isEqualTo(none);
  }
}
