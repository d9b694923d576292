package bench.crypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import java.util.Optional;

/** One known answer, as one line of a vector file states it. */
sealed interface Vector permits Vector.Ciphered, IdentifierVector {
  /** What the line calls itself. */
  String id();

  /**
   * Reads a line, in whichever schema it is.
   *
   * @throws IllegalArgumentException if it is in none
   */
  static Vector parse(String line) {
    Fields fields = Fields.parse(line);
    if (fields.has("kind")) {
      return fields.text("kind").equals(IdentifierVector.KIND)
          ? IdentifierVector.of(fields)
          : FileVector.of(fields);
    }
    if (fields.has("dun")) {
      return CipherVector.ofRequest(fields);
    }
    if (fields.has("iv")) {
      return CipherVector.ofRaw(fields);
    }
    throw new IllegalArgumentException("of no known schema: none of kind, dun and iv is there");
  }

  /** A known answer that takes a cipher. */
  sealed interface Ciphered extends Vector permits CipherVector, FileVector {
    CryptoMode mode();

    /**
     * What does not come out with {@code engine}, which has the mode; empty if everything does.
     *
     * @throws IllegalArgumentException if the inputs do not go together
     */
    Optional<String> mismatch(CipherEngine engine);
  }
}
