package dev.rr.build.image;

import dev.rr.build.BuildException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;

/**
 * Sends images to a registry by the OCI distribution specification: parts that it does not have,
 * then manifests, then the index where there is one. One thread.
 */
public final class Push {
  private final RegistryClient client;
  private final ImageName name;

  /** To where the name says, under its tag. */
  public Push(ImageName name, Logins logins, Retries retries)
      throws BuildException, IOException, InterruptedException {
    this.name = name;
    this.client = new RegistryClient(name, "pull,push", logins.find(name.host()), retries);
  }

  /**
   * Sends an image, or an index with its images.
   *
   * @return how many bytes were sent, manifests not counted
   */
  public long send(PlatformImages images) throws BuildException, IOException, InterruptedException {
    long sent = 0;
    for (Blob part : images.parts()) {
      // Whole, with the look at what is there: a part that broke off begins again.
      sent += client.retries().of(() -> send(part));
    }
    for (Blob manifest : images.manifests()) {
      put(manifest, manifest.digest());
    }
    put(images.top(), name.reference());
    return sent;
  }

  private void put(Blob manifest, String reference)
      throws BuildException, IOException, InterruptedException {
    RegistryClient.Reply reply =
        client.ask(
            call("PUT", client.uri("/manifests/" + reference), manifest, manifest.type()),
            201,
            200);
    String digest = reply.header("docker-content-digest");
    if (!digest.isEmpty() && !digest.equals(manifest.digest())) {
      throw new BuildException(
          "%s: %s keeps the manifest as %s, sent was %s"
              .formatted(name, name.host(), digest, manifest.digest()));
    }
  }

  private long send(Blob part)
      throws Unavailable, BuildException, IOException, InterruptedException {
    URI place = client.uri("/blobs/" + part.digest());
    RegistryClient.Call look = RegistryClient.Call.of("HEAD", place, Map.of());
    if (client.askOnce(look, 200, 404).status() == 200) {
      return 0;
    }
    RegistryClient.Reply begun =
        client.askOnce(
            RegistryClient.Call.of("POST", client.uri("/blobs/uploads/"), Map.of()), 202);
    URI to = client.resolve(begun.from(), begun.header("location"), "takes uploads at");
    RegistryClient.Reply unused =
        client.askOnce(
            call("PUT", withDigest(to, part.digest()), part, "application/octet-stream"), 201);
    return part.size();
  }

  /** The address may have parameters of its own. */
  private static URI withDigest(URI uri, String digest) {
    return URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + "digest=" + digest);
  }

  private static RegistryClient.Call call(String method, URI uri, Blob body, String type)
      throws IOException {
    return new RegistryClient.Call(
        method,
        uri,
        Map.of("Content-Type", type),
        HttpRequest.BodyPublishers.ofFile(body.file()),
        null,
        body.size());
  }
}
