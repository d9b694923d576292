package bench.crypt;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A ciphertext that is written out, or of which the SHA-256, the start and the end are. */
final class ExpectedCiphertext {
  private final byte @Nullable [] sha256; // null if it is written out, and then all of it is head
  private final byte[] head;
  private final byte[] tail;

  private ExpectedCiphertext(byte @Nullable [] sha256, byte[] head, byte[] tail) {
    this.sha256 = sha256;
    this.head = head;
    this.tail = tail;
  }

  static ExpectedCiphertext of(Fields fields) {
    if (fields.has("ciphertext")) {
      return new ExpectedCiphertext(null, fields.hex("ciphertext"), new byte[0]);
    }
    return new ExpectedCiphertext(
        fields.hex("ciphertext_sha256"),
        fields.hex("ciphertext_head"),
        fields.hex("ciphertext_tail"));
  }

  /** How {@code actual} differs; empty if it does not. */
  Optional<String> mismatch(byte[] actual) {
    if (sha256 == null) {
      return difference("ciphertext", head, actual);
    }
    byte[] start = Arrays.copyOf(actual, Math.min(head.length, actual.length));
    byte[] end =
        Arrays.copyOfRange(actual, Math.max(0, actual.length - tail.length), actual.length);
    return difference("start of the ciphertext", head, start)
        .or(() -> difference("end of the ciphertext", tail, end))
        .or(() -> difference("SHA-256 of the ciphertext", sha256, sha256(actual)));
  }

  /** Where two byte arrays begin to differ; empty if they do not. */
  static Optional<String> difference(String what, byte[] expected, byte[] actual) {
    if (expected.length != actual.length) {
      return Optional.of("%s has %d bytes, not %d".formatted(what, actual.length, expected.length));
    }
    int at = Arrays.mismatch(expected, actual);
    return at < 0 ? Optional.empty() : Optional.of(what + " differs from byte " + at + " on");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
