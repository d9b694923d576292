package bench.crypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.IvScheme;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A known answer of fscrypt: contents, a name or a symlink, from the master key to the ciphertext,
 * with the steps between.
 */
final class FileVector implements Vector.Ciphered {
  private static final int MAX_IV_BYTES = 32;

  private final String id;
  private final KeyInputs inputs;
  private final byte[] masterKey;
  private final long firstIndex;
  private final int dataUnitSizeBytes;
  private final byte[] plaintext; // padded
  private final byte[] ciphertext;
  private final byte @Nullable [] derivedKey;
  private final byte @Nullable [] firstIv;

  private FileVector(
      String id,
      KeyInputs inputs,
      byte[] masterKey,
      long firstIndex,
      int dataUnitSizeBytes,
      byte[] plaintext,
      byte[] ciphertext,
      byte @Nullable [] derivedKey,
      byte @Nullable [] firstIv) {
    this.id = id;
    this.inputs = inputs;
    this.masterKey = masterKey;
    this.firstIndex = firstIndex;
    this.dataUnitSizeBytes = dataUnitSizeBytes;
    this.plaintext = plaintext;
    this.ciphertext = ciphertext;
    this.derivedKey = derivedKey;
    this.firstIv = firstIv;
  }

  /** A line of {@code fscrypt-vectors} with a cipher. */
  static FileVector of(Fields fields) {
    KeyInputs inputs =
        new KeyInputs(
            CipherName.mode(fields.text("cipher")),
            Kdf.named(fields.text("kdf")),
            IvMethod.named(fields.text("iv_method")),
            fields.has("mode_num") ? fields.count("mode_num") : 0,
            fields.has("file_nonce") ? Hex.nonce(fields.text("file_nonce")) : null,
            fields.has("fs_uuid") ? Hex.uuid(fields.text("fs_uuid")) : null,
            fields.has("inode_number") ? fields.unsignedLong("inode_number") : 0,
            fields.optionalFlag("enable_hw_kdf"),
            fields.optionalFlag("use_inlinecrypt_key"));
    int dataUnitSizeBytes = fields.count("data_unit_size");
    return new FileVector(
        fields.text("id"),
        inputs,
        Hex.masterKey(fields.text("master_key")),
        fields.unsignedLong("data_unit_index"),
        dataUnitSizeBytes,
        padded(fields, dataUnitSizeBytes),
        fields.hex("ciphertext"),
        fields.optionalHex("derived_key").orElse(null),
        fields.optionalHex("first_iv").orElse(null));
  }

  private static byte[] padded(Fields fields, int dataUnitSizeBytes) {
    byte[] plaintext = fields.hex("plaintext");
    boolean isContents =
        switch (fields.text("kind")) {
          case "contents" -> true;
          case "name", "symlink" -> false;
          default -> throw new IllegalArgumentException("unknown kind: " + fields.text("kind"));
        };
    if (dataUnitSizeBytes < CryptStream.MIN_DATA_UNIT_BYTES) {
      throw new IllegalArgumentException("data_unit_size is too small: " + dataUnitSizeBytes);
    }
    if (!isContents && plaintext.length > dataUnitSizeBytes) {
      throw new IllegalArgumentException(
          "the plaintext of %d bytes is longer than data_unit_size".formatted(plaintext.length));
    }
    int lastBytes = plaintext.length % dataUnitSizeBytes;
    if (lastBytes == 0) {
      return plaintext;
    }
    int paddingBytes = fields.has("padding") ? fields.count("padding") : dataUnitSizeBytes;
    int paddedBytes = CryptStream.paddedBytes(lastBytes, dataUnitSizeBytes, paddingBytes);
    return Arrays.copyOf(plaintext, plaintext.length - lastBytes + paddedBytes);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public CryptoMode mode() {
    return inputs.mode();
  }

  @Override
  public Optional<String> mismatch(CipherEngine engine) {
    byte[] key = inputs.deriveKey(masterKey);
    try {
      return derivedKey != null && !Arrays.equals(derivedKey, key)
          ? Optional.of("derived key differs")
          : mismatch(engine, key, inputs.ivScheme(masterKey));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private Optional<String> mismatch(CipherEngine engine, byte[] key, IvScheme ivs) {
    if (firstIv != null && !Arrays.equals(firstIv, iv(ivs))) {
      return Optional.of("first IV differs");
    }
    byte[] bytes = plaintext.clone();
    MemorySegment data = MemorySegment.ofArray(bytes);
    try (DataUnitCipher cipher = engine.prepare(mode(), MemorySegment.ofArray(key))) {
      new DataUnitSequence(cipher, ivs, dataUnitSizeBytes, firstIndex, false).transform(data);
      Optional<String> mismatch = ExpectedCiphertext.difference("ciphertext", ciphertext, bytes);
      if (mismatch.isPresent()) {
        return mismatch;
      }
      new DataUnitSequence(cipher, ivs, dataUnitSizeBytes, firstIndex, true).transform(data);
    }
    return ExpectedCiphertext.difference("decrypted plaintext", plaintext, bytes);
  }

  private byte[] iv(IvScheme ivs) {
    ByteBuffer iv = ByteBuffer.allocate(MAX_IV_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    iv.putLong(ivs.limb0(firstIndex)).putLong(ivs.limb1()).putLong(ivs.limb2());
    return Arrays.copyOf(iv.array(), mode().ivBytes());
  }
}
