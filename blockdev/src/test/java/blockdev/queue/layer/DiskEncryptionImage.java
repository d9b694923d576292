package blockdev.queue.layer;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What another program encrypted, from the manifests of {@code testdata}. */
record DiskEncryptionImage(JsonNode json, String directory) {
  private static final Path TEST_DATA = Path.of("../testdata");

  /** Images that Linux's dm-crypt wrote. */
  static Stream<DiskEncryptionImage> ofDmCrypt() {
    return of("dm-crypt");
  }

  /** Payloads of LUKS1 images that QEMU wrote. */
  static Stream<DiskEncryptionImage> ofLuks1() {
    return of("luks1");
  }

  private static Stream<DiskEncryptionImage> of(String directory) {
    try {
      JsonNode images =
          new ObjectMapper()
              .readTree(TEST_DATA.resolve(directory).resolve("manifest.json").toFile())
              .get("images");
      return StreamSupport.stream(images.spliterator(), false)
          .map(image -> new DiskEncryptionImage(image, directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return json.get("name").asText();
  }

  private String keyHex() {
    return json.get(json.has("key") ? "key" : "volume_key").asText();
  }

  private int sectorBytes() {
    return json.path("sector_size").asInt(512);
  }

  private boolean countsLargeSectors() {
    return json.path("iv_large_sectors").asBoolean(false);
  }

  /** Whether dm-inlinecrypt can be given the same cipher, key and numbers. */
  boolean isForInlineCrypt() {
    return json.get("cipher").asText().equals("aes-xts-plain64")
        && keyHex().length() == 128
        && (sectorBytes() == 512 || countsLargeSectors());
  }

  /** The line of a target that should write the same. */
  String line(String device, long start) {
    List<String> options = new ArrayList<>();
    if (sectorBytes() != 512) {
      options.add("sector_size:" + sectorBytes());
    }
    if (countsLargeSectors()) {
      options.add("iv_large_sectors");
    }
    return String.join(
        " ",
        json.get("cipher").asText(),
        keyHex(),
        json.path("iv_offset").asText("0"),
        device,
        start + "",
        options.size() + "",
        String.join(" ", options));
  }

  /** What was written: the start of the stream of its seed. */
  byte[] plaintext() {
    int bytes = json.get("bytes").asInt();
    byte[] seed = json.get("plaintext_seed").asText().getBytes(StandardCharsets.UTF_8);
    ByteBuffer stream = ByteBuffer.allocate((bytes + 31) / 32 * 32);
    for (long block = 0; stream.hasRemaining(); block++) {
      byte[] counter = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(block).array();
      stream.put(sha256(seed, counter));
    }
    byte[] plaintext = Arrays.copyOf(stream.array(), bytes);
    if (!HexFormat.of()
        .formatHex(sha256(plaintext))
        .equals(json.get("plaintext_sha256").asText())) {
      throw new AssertionError("not the plaintext of " + name());
    }
    return plaintext;
  }

  private static byte[] sha256(byte[]... parts) {
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

  byte[] ciphertext() {
    try {
      return Files.readAllBytes(TEST_DATA.resolve(directory).resolve(json.get("file").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return directory + " " + name();
  }
}
