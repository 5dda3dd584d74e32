package dev.rr.plugin.googlepubsub;

import com.google.auth.oauth2.GoogleCredentials;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.auth.MoreCallCredentials;
import java.io.IOException;

/**
 * How a server knows who asks. Immutable.
 *
 * @param channel of a connection
 * @param calls of every call over it
 */
record PubSubAccess(ChannelCredentials channel, CallOptions calls) {
  private static final String SCOPE = "https://www.googleapis.com/auth/pubsub";

  /** Without TLS and without credentials, as emulators want it. */
  static PubSubAccess plaintext() {
    return new PubSubAccess(InsecureChannelCredentials.create(), CallOptions.DEFAULT);
  }

  /**
   * With TLS, and with the credentials that Google's libraries find: those of the file that {@code
   * GOOGLE_APPLICATION_CREDENTIALS} names, of gcloud, or of the machine in Google's cloud. Looks
   * for them, which may take a while.
   *
   * @throws IOException when there are none, for the user
   */
  static PubSubAccess google() throws IOException {
    return with(TlsChannelCredentials.create(), GoogleCredentials.getApplicationDefault());
  }

  /** With these. */
  static PubSubAccess with(ChannelCredentials channel, GoogleCredentials credentials) {
    return new PubSubAccess(
        channel,
        CallOptions.DEFAULT.withCallCredentials(
            MoreCallCredentials.from(credentials.createScoped(SCOPE))));
  }
}
