package bench.crypt;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, read as what a schema says they are. A field that is null counts
 * as missing. What is not so is an {@link IllegalArgumentException} that names the field.
 */
final class Fields {
  private static final long MAX_COUNT = 1 << 24; // the largest data unit of IEEE Std 1619

  private final JsonObject object;

  private Fields(JsonObject object) {
    this.object = object;
  }

  static Fields parse(String line) {
    try {
      JsonReader reader = new JsonReader(new StringReader(line));
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT || !element.isJsonObject()) {
        throw new IllegalArgumentException("not a JSON object");
      }
      return new Fields(element.getAsJsonObject());
    } catch (JsonParseException | IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  boolean has(String name) {
    return object.has(name) && !object.get(name).isJsonNull();
  }

  /** A string or a number, as text. */
  String text(String name) {
    return text(name, object.get(name));
  }

  boolean flag(String name) {
    if (has(name) && object.get(name) instanceof JsonPrimitive value && value.isBoolean()) {
      return value.getAsBoolean();
    }
    throw wrong(name, "is not true or false");
  }

  /** A flag that is false if it is missing. */
  boolean optionalFlag(String name) {
    return has(name) && flag(name);
  }

  byte[] hex(String name) {
    return Hex.bytes(name, text(name));
  }

  Optional<byte[]> optionalHex(String name) {
    return has(name) ? Optional.of(hex(name)) : Optional.empty();
  }

  /** A number of bytes, or another that is not negative and not above 2^24. */
  int count(String name) {
    long value = unsignedLong(name);
    if (value < 0 || value > MAX_COUNT) {
      throw wrong(name, "is too large: " + text(name));
    }
    return (int) value;
  }

  long unsignedLong(String name) {
    return unsignedLong(name, text(name));
  }

  /** An array of numbers. */
  List<Long> unsignedLongs(String name) {
    if (!has(name) || !object.get(name).isJsonArray()) {
      throw wrong(name, "is not an array");
    }
    List<Long> values = new ArrayList<>();
    for (JsonElement element : object.getAsJsonArray(name)) {
      values.add(unsignedLong(name, text(name, element)));
    }
    return values;
  }

  private static String text(String name, @Nullable JsonElement element) {
    if (element == null || element.isJsonNull()) {
      throw wrong(name, "is missing");
    }
    if (element instanceof JsonPrimitive value && !value.isBoolean()) {
      return value.getAsString();
    }
    throw wrong(name, "is not a string or number");
  }

  private static long unsignedLong(String name, String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw wrong(name, "is no unsigned 64-bit number: " + text);
    }
  }

  private static IllegalArgumentException wrong(String name, String how) {
    return new IllegalArgumentException("field " + name + " " + how);
  }
}
