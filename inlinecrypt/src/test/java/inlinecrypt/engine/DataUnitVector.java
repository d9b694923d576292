package inlinecrypt.engine;

import com.fasterxml.jackson.databind.JsonNode;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Data units and what becomes of them, for any mode; the READMEs in {@code testdata} say who made
 * them.
 *
 * @param dunStep from the number of one unit to that of the next: not 1 where dm-crypt counts large
 *     sectors in 512-byte units
 */
record DataUnitVector(
    String origin,
    CryptoMode mode,
    byte[] key,
    DataUnitNumber firstDun,
    int dunStep,
    int dataUnitSizeBytes,
    byte[] plaintext,
    String ciphertextSha256) {
  private static final int DM_CRYPT_SECTOR_BYTES = 512;

  static Stream<DataUnitVector> all() {
    return Stream.of(
            VectorFile.lines("vectors/ieee1619/ieee1619-xts.jsonl")
                .map(line -> ofLine("ieee1619 " + line.get("vector").asText(), line)),
            VectorFile.lines("vectors/raw/raw-vectors.jsonl")
                .map(line -> ofLine("raw " + line.get("id").asText(), line)),
            VectorFile.lines("vectors/blk-crypto/blk-crypto.jsonl").map(DataUnitVector::ofRequest),
            VectorFile.images("dm-crypt/manifest.json").map(DataUnitVector::ofDmCryptImage),
            VectorFile.images("luks1/manifest.json").map(DataUnitVector::ofLuksPayload))
        .flatMap(vectors -> vectors);
  }

  private static DataUnitVector ofLine(String origin, JsonNode line) {
    int length = line.get("length").asInt();
    return new DataUnitVector(
        origin,
        mode(line.get("cipher").asText()),
        VectorFile.hex(line, "key"),
        number(VectorFile.hex(line, "iv")),
        1,
        length,
        line.has("plaintext")
            ? VectorFile.hex(line, "plaintext")
            : VectorFile.stream(line.get("plaintext_seed").asText(), length),
        line.has("ciphertext")
            ? VectorFile.sha256(VectorFile.hex(line, "ciphertext"))
            : line.get("ciphertext_sha256").asText());
  }

  private static DataUnitVector ofRequest(JsonNode line) {
    long[] limbs = new long[4];
    for (int i = 0; i < line.get("dun").size(); i++) {
      limbs[i] = Long.parseUnsignedLong(line.get("dun").get(i).asText());
    }
    return new DataUnitVector(
        "blk-crypto " + line.get("id").asText(),
        mode(line.get("mode").asText()),
        VectorFile.hex(line, "key"),
        new DataUnitNumber(limbs[0], limbs[1], limbs[2], limbs[3]),
        1,
        line.get("data_unit_size").asInt(),
        VectorFile.hex(line, "plaintext"),
        VectorFile.sha256(VectorFile.hex(line, "ciphertext")));
  }

  private static DataUnitVector ofDmCryptImage(JsonNode image) {
    byte[] key = VectorFile.hex(image, "key");
    int sectorBytes = image.path("sector_size").asInt(DM_CRYPT_SECTOR_BYTES);
    int smallSectors = sectorBytes / DM_CRYPT_SECTOR_BYTES;
    long ivOffset = image.path("iv_offset").asLong(0);
    boolean large = image.path("iv_large_sectors").asBoolean(false);
    return new DataUnitVector(
        "dm-crypt " + image.get("name").asText(),
        dmCryptMode(image.get("cipher").asText(), key.length),
        key,
        DataUnitNumber.of(large ? ivOffset / smallSectors : ivOffset),
        large ? 1 : smallSectors,
        sectorBytes,
        VectorFile.stream(image.get("plaintext_seed").asText(), image.get("bytes").asInt()),
        VectorFile.sha256(VectorFile.bytes("dm-crypt/" + image.get("file").asText())));
  }

  private static DataUnitVector ofLuksPayload(JsonNode image) {
    byte[] key = VectorFile.hex(image, "volume_key");
    return new DataUnitVector(
        "luks1 " + image.get("name").asText(),
        dmCryptMode(image.get("cipher").asText(), key.length),
        key,
        DataUnitNumber.of(0),
        1,
        image.get("sector_size").asInt(),
        VectorFile.stream(image.get("plaintext_seed").asText(), image.get("bytes").asInt()),
        VectorFile.sha256(VectorFile.bytes("luks1/" + image.get("file").asText())));
  }

  /** By blk-crypto's name, or the vectors' own name of a mode that steals ciphertext. */
  private static CryptoMode mode(String cipher) {
    String name = cipher.replace("-CTS-CBC", "-CBC-CTS");
    return Arrays.stream(CryptoMode.values())
        .filter(mode -> mode.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no mode for cipher " + cipher));
  }

  private static CryptoMode dmCryptMode(String cipher, int keyBytes) {
    return switch (cipher) {
      case "aes-xts-plain64" -> keyBytes == 64 ? CryptoMode.AES_256_XTS : CryptoMode.AES_128_XTS;
      case "aes-cbc-essiv:sha256" ->
          keyBytes == 32 ? CryptoMode.AES_256_CBC_ESSIV : CryptoMode.AES_128_CBC_ESSIV;
      case "aes-cbc-plain64" -> CryptoMode.AES_256_CBC;
      case "xchacha12,aes-adiantum-plain64" -> CryptoMode.ADIANTUM;
      case "xchacha20,aes-adiantum-plain64" -> CryptoMode.ADIANTUM_XCHACHA20;
      case "capi:xts(sm4)-plain64" -> CryptoMode.SM4_XTS;
      case "capi:hctr2(aes)-plain64" -> CryptoMode.AES_256_HCTR2;
      default -> throw new AssertionError("no mode for cipher " + cipher);
    };
  }

  private static DataUnitNumber number(byte[] iv) {
    ByteBuffer limbs =
        ByteBuffer.wrap(Arrays.copyOf(iv, 4 * Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    return new DataUnitNumber(
        limbs.getLong(0), limbs.getLong(8), limbs.getLong(16), limbs.getLong(24));
  }

  @Override
  public String toString() {
    return mode + ", " + origin;
  }
}
