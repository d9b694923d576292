package bench.crypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A known answer of a cipher alone: key, data unit number and text are given. */
final class CipherVector implements Vector.Ciphered {
  private static final int LIMBS = 4;

  private final String id;
  private final CryptoMode mode;
  private final byte[] key;
  private final DataUnitNumber first;
  private final int dataUnitSizeBytes;
  private final byte[] plaintext;
  private final ExpectedCiphertext ciphertext;

  private CipherVector(
      String id,
      CryptoMode mode,
      byte[] key,
      DataUnitNumber first,
      int dataUnitSizeBytes,
      byte[] plaintext,
      ExpectedCiphertext ciphertext) {
    this.id = id;
    this.mode = mode;
    this.key = key;
    this.first = first;
    this.dataUnitSizeBytes = dataUnitSizeBytes;
    this.plaintext = plaintext;
    this.ciphertext = ciphertext;
  }

  /** A line of {@code raw-vectors} or {@code ieee1619-xts}: one data unit and its IV. */
  static CipherVector ofRaw(Fields fields) {
    CryptoMode mode = CipherName.mode(fields.text("cipher"));
    byte[] iv = fields.hex("iv");
    if (iv.length != mode.ivBytes()) {
      throw new IllegalArgumentException(
          "the iv of %s has %d bytes, not %d".formatted(mode, mode.ivBytes(), iv.length));
    }
    List<Long> limbs = new ArrayList<>();
    ByteBuffer littleEndian = ByteBuffer.wrap(iv).order(ByteOrder.LITTLE_ENDIAN);
    while (littleEndian.hasRemaining()) {
      limbs.add(littleEndian.getLong());
    }
    DataUnitNumber number = number(limbs);
    if (fields.has("data_unit_number")
        && !number.equals(DataUnitNumber.of(fields.unsignedLong("data_unit_number")))) {
      throw new IllegalArgumentException("data_unit_number is not what iv is");
    }
    int length = fields.count("length");
    return new CipherVector(
        fields.text(fields.has("id") ? "id" : "vector"),
        mode,
        fields.hex("key"),
        number,
        length,
        fields.has("plaintext")
            ? fields.hex("plaintext")
            : SeededText.bytes(fields.text("plaintext_seed"), length),
        ExpectedCiphertext.of(fields));
  }

  /** A line of {@code blk-crypto}: the data units of one request. */
  static CipherVector ofRequest(Fields fields) {
    CryptoMode mode = CipherName.mode(fields.text("mode"));
    int dunBytes = fields.count("dun_bytes");
    List<Long> limbs = fields.unsignedLongs("dun");
    if (dunBytes != mode.ivBytes() || limbs.size() > dunBytes / Long.BYTES) {
      throw new IllegalArgumentException(
          "a dun of %d limbs and %d bytes does not go with %s"
              .formatted(limbs.size(), dunBytes, mode));
    }
    return new CipherVector(
        fields.text("id"),
        mode,
        fields.hex("key"),
        number(limbs),
        fields.count("data_unit_size"),
        fields.hex("plaintext"),
        ExpectedCiphertext.of(fields));
  }

  private static DataUnitNumber number(List<Long> limbs) {
    long[] padded = new long[LIMBS];
    for (int i = 0; i < limbs.size(); i++) {
      padded[i] = limbs.get(i);
    }
    return new DataUnitNumber(padded[0], padded[1], padded[2], padded[3]);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public CryptoMode mode() {
    return mode;
  }

  @Override
  public Optional<String> mismatch(CipherEngine engine) {
    if (plaintext.length < dataUnitSizeBytes) { // else nothing at all would come out right
      return Optional.of(
          "plaintext has %d bytes, less than a data unit of %d"
              .formatted(plaintext.length, dataUnitSizeBytes));
    }
    byte[] bytes = plaintext.clone();
    MemorySegment data = MemorySegment.ofArray(bytes);
    try (DataUnitCipher cipher = engine.prepare(mode, MemorySegment.ofArray(key))) {
      cipher.encrypt(
          first.limb0(),
          first.limb1(),
          first.limb2(),
          first.limb3(),
          dataUnitSizeBytes,
          data,
          0,
          data,
          0,
          bytes.length);
      Optional<String> mismatch = ciphertext.mismatch(bytes);
      if (mismatch.isPresent()) {
        return mismatch;
      }
      cipher.decrypt(
          first.limb0(),
          first.limb1(),
          first.limb2(),
          first.limb3(),
          dataUnitSizeBytes,
          data,
          0,
          data,
          0,
          bytes.length);
    }
    return ExpectedCiphertext.difference("decrypted plaintext", plaintext, bytes);
  }
}
