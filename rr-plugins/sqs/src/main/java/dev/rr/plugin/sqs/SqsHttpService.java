package dev.rr.plugin.sqs;

import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Gives the library its HTTP where it makes clients by itself: to ask for credentials. Found by
 * {@link java.util.ServiceLoader}, which is why it is public.
 */
public final class SqsHttpService implements SdkHttpService {
  @Override
  public SdkHttpClient.Builder<?> createHttpClientBuilder() {
    return new Builder();
  }

  private static final class Builder implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return new SqsHttp();
    }
  }
}
