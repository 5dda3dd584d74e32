package dev.rr.plugin.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong at the broker, in one sentence; the client hides it in causes. */
final class AmqpFaults {
  private AmqpFaults() {}

  /** What is for the user as it stands, whatever its causes say. */
  private static final class Told extends IOException {
    private static final long serialVersionUID = 1;

    Told(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** As an exception for the user. */
  static IOException told(Throwable fault) {
    return new Told(text(fault), fault);
  }

  /** The same, with where it went wrong before it and a remedy, or nothing, behind it. */
  static IOException told(BrokerAddress where, Throwable fault, String remedy) {
    return new Told(where + ": " + text(fault) + remedy, fault);
  }

  /** What the broker said, in upstream's form, or what happened. */
  static String text(Throwable fault) {
    for (Throwable at = fault; at != null; at = at.getCause()) {
      if (at instanceof Told told) {
        return String.valueOf(told.getMessage());
      }
      if (at instanceof ShutdownSignalException signal) {
        return text(signal);
      }
      if (at instanceof AuthenticationFailureException) {
        return "Exception (403) Reason: \"" + at.getMessage() + "\"";
      }
      if (at instanceof PossibleAuthenticationFailureException) {
        return "the broker closed the connection: user, password or virtual host may be wrong";
      }
      if (at instanceof TimeoutException && at.getMessage() == null) {
        return "no answer from the broker";
      }
    }
    return innermost(fault);
  }

  private static String text(ShutdownSignalException signal) {
    return switch (signal.getReason()) {
      case AMQP.Channel.Close close -> exception(close.getReplyCode(), close.getReplyText());
      case AMQP.Connection.Close close -> exception(close.getReplyCode(), close.getReplyText());
      case null, default ->
          signal.getCause() == null
              ? "the connection to the broker has ended"
              : "the connection to the broker has ended: " + innermost(signal.getCause());
    };
  }

  private static String exception(int code, String text) {
    return "Exception (" + code + ") Reason: \"" + text + "\"";
  }

  private static String innermost(Throwable fault) {
    Throwable at = fault;
    while ((at instanceof ExecutionException || at.getMessage() == null) && at.getCause() != null) {
      at = at.getCause();
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
  }

  /** Whether the broker has no such queue or exchange. */
  static boolean isNotFound(Throwable fault) {
    return reason(fault) instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.NOT_FOUND;
  }

  /** Whether the peer has ended a connection that was there, without a word of the protocol. */
  static boolean isCutOff(Throwable fault) {
    boolean cut = false;
    for (Throwable at = fault; at != null; at = at.getCause()) {
      if (at instanceof CertificateException || at instanceof ConnectException) {
        return false;
      }
      cut |=
          at instanceof SSLException
              || at instanceof SocketException
              || at instanceof EOFException
              || at instanceof PossibleAuthenticationFailureException;
    }
    return cut;
  }

  /** Whether the broker has closed a channel over what was asked of it. */
  static boolean isChannelError(Throwable fault) {
    return reason(fault) instanceof AMQP.Channel.Close;
  }

  /** Whether the broker has what was declared in another form, or does not allow it. */
  static boolean isForGood(Throwable fault) {
    return reason(fault) instanceof AMQP.Channel.Close close
        && (close.getReplyCode() == AMQP.PRECONDITION_FAILED
            || close.getReplyCode() == AMQP.ACCESS_REFUSED);
  }

  private static @Nullable Object reason(Throwable fault) {
    for (Throwable at = fault; at != null; at = at.getCause()) {
      if (at instanceof ShutdownSignalException signal) {
        return signal.getReason();
      }
    }
    return null;
  }
}
