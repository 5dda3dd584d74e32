package dev.rr.build.image;

import com.google.gson.JsonObject;
import dev.rr.build.BuildException;
import dev.rr.build.archive.Hash;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;

/**
 * Reads from a registry by the OCI distribution specification: manifests by name, blobs by digest.
 * What has a digest is checked and kept. One thread.
 */
final class Registry {
  private static final long MAX_BLOB = 16L << 30;
  private static final long MAX_CONFIG = 4 << 20;
  private static final String DOCKER = "application/vnd.docker.";
  private static final String OCI = "application/vnd.oci.image.";
  private static final Set<String> MANIFESTS =
      Set.of(
          OCI + "index.v1+json",
          OCI + "manifest.v1+json",
          DOCKER + "distribution.manifest.list.v2+json",
          DOCKER + "distribution.manifest.v2+json");

  /** What is known, by the specification's name of it. */
  private static final Map<String, String> TYPES =
      Map.of(
          DOCKER + "container.image.v1+json",
          OCI + "config.v1+json",
          OCI + "config.v1+json",
          OCI + "config.v1+json",
          DOCKER + "image.rootfs.diff.tar.gzip",
          OCI + "layer.v1.tar+gzip",
          DOCKER + "image.rootfs.diff.tar",
          OCI + "layer.v1.tar",
          OCI + "layer.v1.tar+gzip",
          OCI + "layer.v1.tar+gzip",
          OCI + "layer.v1.tar",
          OCI + "layer.v1.tar",
          OCI + "layer.v1.tar+zstd",
          OCI + "layer.v1.tar+zstd");

  private final RegistryClient client;
  private final ImageName name;
  private final Path cache;
  private final Json json;

  /**
   * Makes one.
   *
   * @param cache where blobs are kept by their digest
   */
  Registry(RegistryClient client, Path cache) {
    this.client = client;
    this.name = client.name();
    this.cache = cache;
    this.json = new Json(name);
  }

  /** A manifest or an index, byte for byte. */
  Blob manifest(String reference) throws BuildException, IOException, InterruptedException {
    boolean fixed = reference.startsWith("sha256:");
    if (fixed && Files.exists(place(reference))) {
      return new Blob("", reference, Files.size(place(reference)), place(reference));
    }
    RegistryClient.Reply reply =
        client.ask(
            RegistryClient.Call.of(
                "GET",
                client.uri("/manifests/" + reference),
                Map.of("Accept", String.join(", ", MANIFESTS.stream().sorted().toList()))),
            200);
    requireKnown(reply);
    Files.createDirectories(cache);
    Path fresh = Files.createTempFile(cache, "manifest", "");
    try {
      Files.write(fresh, reply.content());
      return keep(fresh, fixed ? reference : "sha256:" + Hash.of(fresh));
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** By the manifest's own word; registries are less exact in their headers. */
  private void requireKnown(RegistryClient.Reply reply) throws BuildException {
    JsonObject manifest = json.object(reply.text());
    String type = json.textOrEmpty(manifest, "mediaType");
    boolean old = json.textOrEmpty(manifest, "schemaVersion").equals("1");
    if (old || !type.isEmpty() && !MANIFESTS.contains(type)) {
      throw unknown("a manifest", old ? "schema version 1" : type);
    }
  }

  private BuildException unknown(String what, String type) {
    return new BuildException(
        "%s has %s of the type \"%s\", which is not known here"
            .formatted(name, what, RegistryError.shown(type)));
  }

  /** A configuration, which is text. */
  Blob config(JsonObject descriptor) throws BuildException, IOException, InterruptedException {
    long size = size(descriptor);
    if (size > MAX_CONFIG) {
      throw new BuildException(
          "%s has a configuration of %d bytes; %d are allowed".formatted(name, size, MAX_CONFIG));
    }
    return blob(descriptor);
  }

  /** A layer, or a configuration. */
  Blob blob(JsonObject descriptor) throws BuildException, IOException, InterruptedException {
    String digest = json.text(descriptor, "digest");
    String given = json.text(descriptor, "mediaType");
    String type = TYPES.get(given);
    if (type == null) {
      throw unknown("a part", given);
    }
    Path place = place(digest);
    long size = Files.exists(place) ? Files.size(place) : fetch(digest, size(descriptor)).size();
    return new Blob(type, digest, size, place);
  }

  private long size(JsonObject descriptor) throws BuildException {
    String text = json.text(descriptor, "size");
    if (!text.matches("\\d{1,18}") || Long.parseLong(text) > MAX_BLOB) {
      throw new BuildException(
          "%s has a part of %s bytes; %d are allowed"
              .formatted(name, RegistryError.shown(text), MAX_BLOB));
    }
    return Long.parseLong(text);
  }

  private Blob fetch(String digest, long size)
      throws BuildException, IOException, InterruptedException {
    Files.createDirectories(cache);
    Path fresh = Files.createTempFile(cache, "blob", "");
    try {
      RegistryClient.Reply unused =
          client.ask(
              new RegistryClient.Call(
                  "GET",
                  client.uri("/blobs/" + digest),
                  Map.of(),
                  HttpRequest.BodyPublishers.noBody(),
                  fresh,
                  size),
              200);
      return keep(fresh, digest);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private Blob keep(Path fresh, String digest) throws BuildException, IOException {
    String found = "sha256:" + Hash.of(fresh);
    if (!found.equals(digest)) {
      throw new BuildException("%s: %s came with the digest %s".formatted(name, digest, found));
    }
    Path place = place(digest);
    Files.move(fresh, place, StandardCopyOption.REPLACE_EXISTING);
    return new Blob("", digest, Files.size(place), place);
  }

  /** Digests are checked by their form, as they become names of files. */
  private Path place(String digest) throws BuildException {
    if (!digest.matches("sha256:[0-9a-f]{64}")) {
      throw new BuildException(
          "%s: \"%s\" is no digest by SHA-256".formatted(name, RegistryError.shown(digest)));
    }
    return cache.resolve(digest.substring("sha256:".length()));
  }
}
