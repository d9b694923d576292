package inlinecrypt.engine;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The proof an engine gives of itself before it prepares its first key: AES-256-XTS with the key
 * {@code 00 01 … 3f} over zeros, both ways, with data unit numbers on both sides of a carry.
 *
 * <p>The answers were computed with an independent library from the definitions of IEEE Std 1619.
 * Thread-safe; two threads that come first both run the tests.
 */
final class KnownAnswers {
  private static final int KEY_BYTES = 64;

  /**
   * One call.
   *
   * @param dun0 number of the first data unit, lowest limb
   * @param dun1 the next limb
   * @param unitSha256 SHA-256 of the ciphertext of each data unit
   */
  private record Answer(long dun0, long dun1, int unitBytes, List<String> unitSha256) {}

  private static final List<Answer> ANSWERS =
      List.of(
          new Answer(
              0,
              0,
              512,
              List.of(
                  "9943ddf45f593dcb9bcd2e3043ea706a3a7f0d35bfca0ddcfa7c0803e588601a",
                  "310f8d962bab7e66a56806621e3d02be60b6387a70ecde08685b09925b37512d")),
          new Answer(
              -1, // the second unit's number is 2^64
              0,
              512,
              List.of(
                  "e3855d5cd7762ebb43fbf73e50e2f2e48039150b677dd45693181029704cc58e",
                  "1803cde6dc00191470928d83ea119a86c0b243e51fcbadbf313114e5828bfdd9")),
          new Answer(
              7,
              0,
              4096,
              List.of("2ff2383204a6c38aa7ac6efe0a70e760b6208346f8aed8644350a2c396a666c2")));

  private final String engineName;
  private final Function<MemorySegment, DataUnitCipher> keyedCipher;
  private volatile boolean proven;

  /** {@code keyedCipher} makes an AES-256-XTS cipher of the engine, proven or not. */
  KnownAnswers(String engineName, Function<MemorySegment, DataUnitCipher> keyedCipher) {
    this.engineName = engineName;
    this.keyedCipher = keyedCipher;
  }

  /**
   * Checks what every engine checks before it prepares a key, the proof last.
   *
   * @throws IllegalArgumentException if the key is not of the mode's length
   * @throws IllegalStateException if a known answer does not come out
   */
  void admit(CryptoMode mode, MemorySegment key) {
    if (key.byteSize() != mode.keyBytes()) {
      throw new IllegalArgumentException(
          mode + " takes a key of " + mode.keyBytes() + " bytes, not " + key.byteSize());
    }
    if (!proven) {
      run()
          .ifPresent(failure -> {
            throw new IllegalStateException(
                "engine " + engineName + " fails its self-test: " + failure);
          });
      proven = true;
    }
  }

  /** Runs all tests; empty if they pass, else which one failed. */
  Optional<String> run() {
    byte[] key = new byte[KEY_BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    try (DataUnitCipher cipher = keyedCipher.apply(MemorySegment.ofArray(key))) {
      return ANSWERS.stream()
          .filter(answer -> !comesOut(cipher, answer))
          .findFirst()
          .map(answer ->
              "AES-256-XTS differs at data unit number (%d, %d), %d-byte units"
                  .formatted(answer.dun0, answer.dun1, answer.unitBytes));
    }
  }

  private static boolean comesOut(DataUnitCipher cipher, Answer answer) {
    byte[] bytes = new byte[answer.unitBytes * answer.unitSha256.size()];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    cipher.encrypt(
        answer.dun0, answer.dun1, 0, 0, answer.unitBytes, segment, 0, segment, 0, bytes.length);
    for (int unit = 0; unit < answer.unitSha256.size(); unit++) {
      if (!sha256(bytes, unit * answer.unitBytes, answer.unitBytes)
          .equals(answer.unitSha256.get(unit))) {
        return false;
      }
    }
    cipher.decrypt(
        answer.dun0, answer.dun1, 0, 0, answer.unitBytes, segment, 0, segment, 0, bytes.length);
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  private static String sha256(byte[] bytes, int offset, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, offset, length);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
