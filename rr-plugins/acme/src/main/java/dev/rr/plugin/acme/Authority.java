package dev.rr.plugin.acme;

import dev.rr.api.plugin.Deadline;
import dev.rr.api.tls.Identity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** Asks an authority for certificates. Methods wait for it; one thread at a time. */
final class Authority {
  /** For one request; an authority that is alive answers within a second. */
  private static final Duration REQUEST = Duration.ofSeconds(30);

  private final AcmeConfig config;
  private final List<X509Certificate> roots;
  private final Challenges challenges;

  /**
   * Asks nobody yet.
   *
   * @param roots who may have signed the directory's own certificate; the system's authorities when
   *     empty
   * @param challenges gets what the authority will look for
   */
  Authority(AcmeConfig config, List<X509Certificate> roots, Challenges challenges) {
    this.config = config;
    this.roots = List.copyOf(roots);
    this.challenges = challenges;
  }

  /** What is done with an account. */
  private interface Work<T> {
    T with(Login login) throws AcmeException, AcmeFault, InterruptedException;
  }

  /** A new key, fit for accounts and certificates. */
  static KeyPair newKey() {
    try {
      return newKey("EC", new ECGenParameterSpec("secp256r1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new key, fit for what acme4j signs itself. */
  private static KeyPair newRsaKey() {
    try {
      return newKey("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKey(String algorithm, AlgorithmParameterSpec parameters)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(parameters);
    return generator.generateKeyPair();
  }

  /** Proves that the domains are ours and gets a certificate for them, with a key of its own. */
  Identity obtain(KeyPair account, Deadline deadline) throws AcmeFault, InterruptedException {
    return with(account, login -> order(login, deadline));
  }

  /** When the authority would like to see this certificate renewed (RFC 9773), if it says so. */
  Optional<Instant> suggestion(KeyPair account, X509Certificate certificate)
      throws AcmeFault, InterruptedException {
    return with(account, login -> suggestion(login, certificate));
  }

  private static Optional<Instant> suggestion(Login login, X509Certificate certificate)
      throws AcmeException {
    try {
      RenewalInfo info = login.bindRenewalInfo(certificate);
      var unused = info.fetch();
      Instant start = info.getSuggestedWindowStart();
      long window = Duration.between(start, info.getSuggestedWindowEnd()).toMillis();
      return Optional.of(
          start.plusMillis(window <= 0 ? 0 : ThreadLocalRandom.current().nextLong(window)));
    } catch (AcmeNotSupportedException e) {
      return Optional.empty();
    }
  }

  private <T> T with(KeyPair account, Work<T> work) throws AcmeFault, InterruptedException {
    HttpClient http = client();
    try {
      Session session =
          new Session(
              URI.create(config.directoryUrl()),
              new GenericAcmeProvider() {
                @Override
                public HttpClient createHttpClient(NetworkSettings settings) {
                  return http;
                }
              });
      session.networkSettings().setTimeout(REQUEST);
      // Of an account that exists the authority tells the place.
      Login login =
          new AccountBuilder()
              .addEmail(config.email())
              .agreeToTermsOfService()
              .useKeyPair(account)
              .createLogin(session);
      return work.with(login);
    } catch (AcmeException e) {
      throw fault(e);
    } catch (AcmeProtocolException | AcmeLazyLoadingException e) {
      throw new AcmeFault("the authority's answer cannot be used: " + e.getMessage(), e);
    } finally {
      http.shutdownNow();
    }
  }

  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(REQUEST);
    if (!roots.isEmpty()) {
      builder.sslContext(trusting());
    }
    return builder.build();
  }

  private SSLContext trusting() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < roots.size(); i++) {
        store.setCertificateEntry("root" + i, roots.get(i));
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Identity order(Login login, Deadline deadline)
      throws AcmeException, AcmeFault, InterruptedException {
    try {
      Order order = login.newOrder().domains(config.domains()).create();
      prove(order, deadline);
      require(order.waitUntilReady(deadline.remaining()), order);
      KeyPair key = newKey();
      order.execute(key);
      require(order.waitForCompletion(deadline.remaining()), order);
      return new Identity(key.getPrivate(), order.getCertificate().getCertificateChain());
    } finally {
      challenges.clear();
    }
  }

  private void prove(Order order, Deadline deadline)
      throws AcmeException, AcmeFault, InterruptedException {
    List<Authorization> open = new ArrayList<>();
    List<Challenge> asked = new ArrayList<>();
    for (Authorization authorization : order.getAuthorizations()) {
      // An authority remembers for a while what was proven.
      if (authorization.getStatus() != Status.VALID) {
        open.add(authorization);
        asked.add(prepare(authorization));
      }
    }
    for (Challenge challenge : asked) {
      challenge.trigger();
    }
    for (int i = 0; i < open.size(); i++) {
      Status status = open.get(i).waitForCompletion(deadline.remaining());
      if (status != Status.VALID) {
        throw refused(open.get(i), asked.get(i), status);
      }
    }
  }

  private Challenge prepare(Authorization authorization) throws AcmeFault {
    String domain = authorization.getIdentifier().getDomain();
    if (config.tlsAlpn()) {
      TlsAlpn01Challenge challenge = find(authorization, TlsAlpn01Challenge.class);
      KeyPair key = newRsaKey();
      challenges.show(
          domain,
          new Identity(
              key.getPrivate(),
              List.of(challenge.createCertificate(key, authorization.getIdentifier()))));
      return challenge;
    }
    Http01Challenge challenge = find(authorization, Http01Challenge.class);
    challenges.answer(challenge.getToken(), challenge.getAuthorization());
    return challenge;
  }

  private <C extends Challenge> C find(Authorization authorization, Class<C> kind)
      throws AcmeFault {
    return authorization
        .findChallenge(kind)
        .orElseThrow(() ->
            new AcmeFault(
                "the authority does not offer "
                    + config.challengeType()
                    + " for "
                    + authorization.getIdentifier().getDomain(),
                null));
  }

  private AcmeFault refused(Authorization authorization, Challenge asked, Status status)
      throws AcmeException {
    String domain = authorization.getIdentifier().getDomain();
    if (status == Status.PENDING || status == Status.PROCESSING) {
      return new AcmeFault("the authority did not check " + domain + " in time", null);
    }
    var unused = asked.fetch();
    return new AcmeFault(
        "the authority could not see that "
            + domain
            + " is ours ("
            + config.challengeType()
            + "): "
            + asked.getError().map(Authority::text).orElse("it did not say why"),
        null);
  }

  private static void require(Status status, Order order) throws AcmeFault {
    if (status != Status.READY && status != Status.VALID) {
      throw new AcmeFault(
          order
              .getError()
              .map(p -> "the authority refused: " + text(p))
              .orElse("the authority did not finish in time, the order is " + status),
          null);
    }
  }

  private static String text(Problem problem) {
    return problem.getDetail().orElseGet(problem::toString).strip();
  }

  private AcmeFault fault(AcmeException e) {
    if (e instanceof AcmeRateLimitedException limited) {
      return new AcmeFault(
          "the authority's rate limit is reached: " + text(limited.getProblem()),
          e,
          limited.getRetryAfter().orElse(null));
    }
    if (e instanceof AcmeNetworkException) {
      return new AcmeFault("cannot ask " + config.directoryUrl() + ": " + reason(e.getCause()), e);
    }
    return new AcmeFault("the authority answered: " + e.getMessage(), e);
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return "nobody listens there, or its name is unknown";
    }
    return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
  }
}
