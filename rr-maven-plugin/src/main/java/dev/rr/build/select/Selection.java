package dev.rr.build.select;

import dev.rr.build.Input;
import dev.rr.processor.root.CatalogueEntry;
import dev.rr.processor.root.Graph;
import java.util.List;

/**
 * A selection that fits together.
 *
 * @param graph its plugins
 * @param catalogue every plugin that is known, by id
 * @param inputs what goes into the file, sorted by coordinates
 * @param added short names of plugins that {@code rr.autoAdd} added
 * @param hints sentences about plugins that are on the class path and not chosen
 */
public record Selection(
    Graph graph,
    List<CatalogueEntry> catalogue,
    List<Input> inputs,
    List<String> added,
    List<String> hints) {}
