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
import java.util.List;
import java.util.stream.Stream;

/** A known answer for AES-256-XTS; {@code testdata/vectors/README.md} says who made it. */
record XtsVector(
    String origin,
    byte[] key,
    long dun0,
    long dun1,
    int dataUnitSizeBytes,
    byte[] plaintext,
    String ciphertextSha256) {
  private static final Path VECTORS = Path.of("../testdata/vectors");

  static Stream<XtsVector> all() {
    return Stream.of(
            read("ieee1619/ieee1619-xts.jsonl", "vector"),
            read("raw/raw-vectors.jsonl", "id"),
            readRequests("blk-crypto/blk-crypto.jsonl"))
        .flatMap(List::stream);
  }

  private static List<XtsVector> read(String file, String id) {
    return lines(file)
        .filter(line -> line.get("cipher").asText().equals("AES-256-XTS"))
        .filter(line -> line.get("length").asInt() % 16 == 0)
        .map(line -> {
          ByteBuffer iv = ByteBuffer.wrap(hex(line, "iv")).order(ByteOrder.LITTLE_ENDIAN);
          int length = line.get("length").asInt();
          return new XtsVector(
              file + " " + line.get(id).asText(),
              hex(line, "key"),
              iv.getLong(0),
              iv.getLong(8),
              length,
              line.has("plaintext")
                  ? hex(line, "plaintext")
                  : stream(line.get("plaintext_seed").asText(), length),
              line.has("ciphertext")
                  ? sha256(hex(line, "ciphertext"))
                  : line.get("ciphertext_sha256").asText());
        })
        .toList();
  }

  private static List<XtsVector> readRequests(String file) {
    return lines(file)
        .filter(line -> line.get("mode").asText().equals("AES-256-XTS"))
        .map(line ->
            new XtsVector(
                file + " " + line.get("id").asText(),
                hex(line, "key"),
                Long.parseUnsignedLong(line.get("dun").get(0).asText()),
                Long.parseUnsignedLong(line.get("dun").get(1).asText()),
                line.get("data_unit_size").asInt(),
                hex(line, "plaintext"),
                sha256(hex(line, "ciphertext"))))
        .toList();
  }

  private static Stream<JsonNode> lines(String file) {
    ObjectMapper mapper = new ObjectMapper();
    try {
      return mapper
          .readerFor(JsonNode.class)
          .<JsonNode>readValues(Files.readString(VECTORS.resolve(file)))
          .readAll()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] hex(JsonNode line, String field) {
    return HexFormat.of().parseHex(line.get(field).asText());
  }

  /** The stream of a {@code plaintext_seed}. */
  private static byte[] stream(String seed, int lengthBytes) {
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

  @Override
  public String toString() {
    return origin;
  }
}
