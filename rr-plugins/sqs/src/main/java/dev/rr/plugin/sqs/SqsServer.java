package dev.rr.plugin.sqs;

import dev.rr.api.jobs.Attempts;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/**
 * SQS, as all pipelines ask it: with a deadline, again when it may help, and with one warning for
 * an outage whoever notices it. The client is made by the first call. Any thread.
 */
final class SqsServer {
  /** For one answer. */
  static final Duration ANSWER = Duration.ofSeconds(10);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final int MOST_CALLS = 64;

  private final SqsConfig config;
  private final Log log;
  private final Semaphore calls = new Semaphore(MOST_CALLS, true);
  private final AtomicBoolean away = new AtomicBoolean();
  private volatile boolean reached;

  /** The client with what it stands on, which is closed after it. */
  private record Made(SqsClient client, SqsHttp http, AwsCredentialsProvider credentials) {
    void close() {
      client.close();
      if (credentials instanceof DefaultCredentialsProvider chain) {
        chain.close();
      }
      http.close();
    }
  }

  private @Nullable Made made;
  private boolean closed;

  SqsServer(SqsConfig config, Log log) {
    this.config = config;
    this.log = log;
  }

  /**
   * Asks until the deadline, with growing pauses.
   *
   * @throws SqsFault what became of the last attempt that there was time for
   */
  <T> T call(Function<SqsClient, T> call, Deadline deadline) throws SqsFault, InterruptedException {
    Duration pause = FIRST_PAUSE;
    SqsFault before = null;
    while (true) {
      try {
        return callOnce(call, deadline.within(ANSWER));
      } catch (SqsFault e) {
        if (!e.isPassing()) {
          throw e;
        }
        if (deadline.remaining().compareTo(pause) < 0) {
          throw telling(before, e, deadline);
        }
        before = e;
      }
      Thread.sleep(pause);
      pause = Attempts.longer(pause, LONGEST_PAUSE);
    }
  }

  /** What there was no time for says less than what has failed before. */
  private static SqsFault telling(@Nullable SqsFault before, SqsFault last, Deadline deadline) {
    return before != null && deadline.passed() ? before : last;
  }

  private <T> T callOnce(Function<SqsClient, T> call, Deadline deadline)
      throws SqsFault, InterruptedException {
    if (!calls.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw SqsFault.full(MOST_CALLS);
    }
    try {
      return ask(call, deadline);
    } finally {
      calls.release();
    }
  }

  /**
   * Asks once; a call that found a connection which had ended meanwhile, once more.
   *
   * @throws SqsFault what became of it
   */
  <T> T ask(Function<SqsClient, T> call, Deadline deadline) throws SqsFault, InterruptedException {
    SqsFault first;
    try {
      return attempt(call, deadline);
    } catch (SqsFault e) {
      first = e;
    }
    if (!first.isLost() || deadline.passed()) {
      throw told(first);
    }
    try {
      return attempt(call, deadline);
    } catch (SqsFault e) {
      throw told(telling(first, e, deadline));
    }
  }

  private SqsFault told(SqsFault fault) {
    // Who cannot even begin is told by whoever opens.
    if (fault.isLost() && reached && !away.getAndSet(true)) {
      log.warn("SQS cannot be reached, it is tried again", "error", fault.getMessage());
    }
    return fault;
  }

  private <T> T attempt(Function<SqsClient, T> call, Deadline deadline)
      throws SqsFault, InterruptedException {
    try {
      T answer = ScopedValue.where(SqsHttp.DEADLINE, deadline).call(() -> call.apply(client()));
      reached = true;
      if (away.get() && away.getAndSet(false)) {
        log.info("SQS is reached again", "server", config);
      }
      return answer;
    } catch (SdkException e) {
      if (Thread.interrupted() || isInterrupt(e)) {
        throw new InterruptedException();
      }
      throw SqsFault.of(e, config);
    }
  }

  private static boolean isInterrupt(@Nullable Throwable fault) {
    return fault instanceof InterruptedIOException
        || fault instanceof AbortedException
        || (fault != null && isInterrupt(fault.getCause()));
  }

  // ---- the client ------------------------------------------------------------------------------

  private synchronized SqsClient client() {
    if (closed) {
      throw SdkClientException.create("the plugin has stopped");
    }
    Made before = made;
    if (before != null) {
      return before.client();
    }
    Made now = make();
    made = now;
    return now.client();
  }

  private Made make() {
    SqsHttp http = new SqsHttp();
    AwsCredentialsProvider credentials = credentials();
    try {
      SqsClientBuilder builder =
          SqsClient.builder()
              .httpClient(http)
              .credentialsProvider(credentials)
              .region(region())
              .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()));
      config.uri().ifPresent(builder::endpointOverride);
      return new Made(builder.build(), http, credentials);
    } catch (SdkException e) {
      http.close();
      throw e;
    }
  }

  private AwsCredentialsProvider credentials() {
    if (!config.hasKey()) {
      return DefaultCredentialsProvider.builder().build();
    }
    AwsCredentials key =
        config.sessionToken().isEmpty()
            ? AwsBasicCredentials.create(config.key(), config.secret())
            : AwsSessionCredentials.create(config.key(), config.secret(), config.sessionToken());
    return StaticCredentialsProvider.create(key);
  }

  /** Beside an endpoint it is only signed with, and not worth a question to the instance. */
  private Region region() {
    if (!config.region().isEmpty()) {
      return Region.of(config.region());
    }
    boolean isOwn = config.uri().isPresent();
    AwsRegionProvider chain =
        isOwn
            ? new AwsRegionProviderChain(
                new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
            : new DefaultAwsRegionProviderChain();
    try {
      return chain.getRegion();
    } catch (SdkClientException e) {
      if (isOwn) {
        return Region.US_EAST_1;
      }
      throw SdkClientException.create(
          "no region: sqs.region is not set, and neither AWS_REGION nor a profile nor the instance"
              + " tells one",
          e);
    }
  }

  /** Ends calls under way. A second call does nothing. */
  void close() {
    Made last;
    synchronized (this) {
      closed = true;
      last = made;
      made = null;
    }
    if (last != null) {
      last.close();
    }
  }
}
