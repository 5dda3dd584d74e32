package dev.rr.build.image;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * What an image is put on. Immutable but for what is JSON, which is the caller's.
 *
 * @param digest of its manifest, by which the same one is found again
 * @param platform that it is for, as an index tells it
 * @param config as its makers wrote it
 * @param layers from the lowest
 */
public record BaseImage(String digest, JsonObject platform, JsonObject config, List<Blob> layers) {}
