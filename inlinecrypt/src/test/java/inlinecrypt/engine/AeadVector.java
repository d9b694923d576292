package inlinecrypt.engine;

import com.fasterxml.jackson.databind.JsonNode;
import inlinecrypt.AeadMode;
import java.util.Arrays;
import java.util.stream.Stream;

/** A sealed message; {@code testdata/vectors/README.md} says who made it. */
record AeadVector(
    String origin,
    AeadMode mode,
    byte[] key,
    byte[] nonce,
    byte[] associatedData,
    byte[] plaintext,
    byte[] ciphertext,
    byte[] tag) {
  static Stream<AeadVector> all() {
    return Stream.of("rfc8452", "gcm-spec", "random")
        .flatMap(name -> VectorFile.lines("vectors/aead/" + name + ".jsonl"))
        .map(AeadVector::ofLine);
  }

  private static AeadVector ofLine(JsonNode line) {
    return new AeadVector(
        line.get("id").asText(),
        Arrays.stream(AeadMode.values())
            .filter(mode -> mode.toString().equals(line.get("mode").asText()))
            .findFirst()
            .orElseThrow(),
        VectorFile.hex(line, "key"),
        VectorFile.hex(line, "nonce"),
        VectorFile.hex(line, "associated_data"),
        VectorFile.hex(line, "plaintext"),
        VectorFile.hex(line, "ciphertext"),
        VectorFile.hex(line, "tag"));
  }

  @Override
  public String toString() {
    return mode + ", " + origin;
  }
}
