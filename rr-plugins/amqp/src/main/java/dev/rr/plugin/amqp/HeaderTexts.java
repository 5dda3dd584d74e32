package dev.rr.plugin.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.LongString;
import dev.rr.api.log.Log;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message's headers as a worker gets them: lists of texts, in the forms that Go gives them. Lists
 * and tables are flattened, as those in which a broker tells where a message has been. Any thread.
 */
record HeaderTexts(Log log) {
  /** Go's {@code 'f', 5}. */
  private static final int DECIMALS = 5;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ISO_OFFSET_DATE_TIME.withZone(ZoneId.systemDefault());

  Map<String, List<String>> of(Map<String, Object> headers) {
    Map<String, List<String>> out = LinkedHashMap.newLinkedHashMap(headers.size());
    headers.forEach((name, value) -> add(out, name, value));
    return out;
  }

  private void add(Map<String, List<String>> out, String name, @Nullable Object value) {
    switch (value) {
      case List<?> list -> list.forEach(item -> add(out, name, item));
      case Map<?, ?> table -> table.forEach((key, item) -> add(out, String.valueOf(key), item));
      case Boolean bool -> out.put(name, List.of(bool.toString()));
      case null -> unknown(name, "null");
      default -> {
        String text = text(value);
        if (text == null) {
          unknown(name, value.getClass().getSimpleName());
        } else {
          append(out, name, text);
        }
      }
    }
  }

  private static void append(Map<String, List<String>> out, String name, String text) {
    List<String> longer = new ArrayList<>(out.getOrDefault(name, List.of()));
    longer.add(text);
    out.put(name, longer);
  }

  private static @Nullable String text(Object value) {
    return switch (value) {
      case LongString text -> text.toString();
      case String text -> text;
      case byte[] bytes -> new String(bytes, UTF_8);
      case Long whole -> whole.toString();
      case Integer whole -> whole.toString();
      case Short whole -> whole.toString();
      case Byte whole -> whole.toString();
      case Float number -> decimal(number);
      case Double number -> decimal(number);
      case BigDecimal number -> number.toPlainString();
      case Date time -> TIME.format(time.toInstant());
      default -> null;
    };
  }

  private static String decimal(double number) {
    return Double.isFinite(number)
        ? new BigDecimal(number).setScale(DECIMALS, RoundingMode.HALF_EVEN).toPlainString()
        : Double.toString(number);
  }

  private void unknown(String name, String type) {
    log.warn("unknown header type", "key", name, "type", type);
  }
}
