package inlinecrypt.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads {@code testdata}, in the formats its READMEs describe. */
final class VectorFile {
  private static final Path TEST_DATA = Path.of("../testdata");

  private VectorFile() {}

  /** The objects of a file with one on each line. */
  static Stream<JsonNode> lines(String file) {
    try {
      return new ObjectMapper()
          .readerFor(JsonNode.class).<JsonNode>readValues(bytes(file)).readAll().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The {@code images} of a manifest. */
  static Stream<JsonNode> images(String manifest) {
    try {
      JsonNode images = new ObjectMapper().readTree(bytes(manifest)).get("images");
      return StreamSupport.stream(images.spliterator(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(String file) {
    try {
      return Files.readAllBytes(TEST_DATA.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] hex(JsonNode node, String field) {
    return HexFormat.of().parseHex(node.get(field).asText());
  }

  /** The start of the stream of a {@code plaintext_seed}. */
  static byte[] stream(String seed, int lengthBytes) {
    ByteBuffer stream = ByteBuffer.allocate((lengthBytes + 31) / 32 * 32);
    byte[] counter = new byte[Long.BYTES];
    for (long block = 0; stream.hasRemaining(); block++) {
      ByteBuffer.wrap(counter).order(ByteOrder.LITTLE_ENDIAN).putLong(block);
      stream.put(digest(seed.getBytes(StandardCharsets.UTF_8), counter));
    }
    return Arrays.copyOf(stream.array(), lengthBytes);
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest(bytes));
  }

  private static byte[] digest(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
