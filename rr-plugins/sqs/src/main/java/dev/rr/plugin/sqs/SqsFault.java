package dev.rr.plugin.sqs;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;

/** A call that has failed, in one sentence for the user. */
final class SqsFault extends IOException {
  private static final long serialVersionUID = 1L;

  private static final int SERVER_ERROR = 500;

  /** What has become of a call. */
  private enum Kind {
    /** No answer. */
    LOST,
    /** An answer that may be another one soon. */
    BUSY,
    /** An answer that stays so. */
    REFUSED
  }

  private final Kind kind;

  private SqsFault(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What the library says, about a server that is called so. */
  static SqsFault of(SdkException fault, SqsConfig server) {
    if (fault instanceof AwsServiceException answer) {
      return new SqsFault(kind(answer), text(answer), fault);
    }
    IOException lost = cause(fault, IOException.class);
    if (lost != null) {
      return new SqsFault(Kind.LOST, "cannot reach " + server + ": " + text(lost), fault);
    }
    return new SqsFault(Kind.REFUSED, String.valueOf(fault.getMessage()), fault);
  }

  /** What became of one message of several. */
  static SqsFault of(BatchResultErrorEntry failed) {
    return new SqsFault(Kind.REFUSED, join(failed.code(), failed.message()), null);
  }

  /** Nothing was asked, since too much is asked already. */
  static SqsFault full(int calls) {
    return new SqsFault(Kind.BUSY, calls + " calls wait for their answers already", null);
  }

  private static Kind kind(AwsServiceException answer) {
    boolean isBusy =
        answer.statusCode() >= SERVER_ERROR
            || answer.isThrottlingException()
            || answer instanceof QueueDeletedRecentlyException;
    return isBusy ? Kind.BUSY : Kind.REFUSED;
  }

  private static String text(AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null
        ? "HTTP status " + answer.statusCode()
        : join(details.errorCode(), details.errorMessage());
  }

  private static String join(String code, @Nullable String message) {
    return message == null || message.isEmpty() ? code : code + ": " + message;
  }

  /** The JDK's client has no words for two of them. */
  private static String text(IOException lost) {
    if (cause(lost, UnresolvedAddressException.class) != null) {
      return "nobody knows the host";
    }
    if (lost.getMessage() == null) {
      return lost instanceof ConnectException ? "Connection refused" : lost.toString();
    }
    return lost.getMessage();
  }

  private static <T extends Throwable> @Nullable T cause(Throwable fault, Class<T> type) {
    for (Throwable at = fault; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }

  /** Whether there was no answer. */
  boolean isLost() {
    return kind == Kind.LOST;
  }

  /** Whether the same call may succeed later. */
  boolean isPassing() {
    return kind != Kind.REFUSED;
  }

  /** Whether it is this answer. */
  boolean is(Class<? extends AwsServiceException> answer) {
    return answer.isInstance(getCause());
  }
}
