package bench.crypt;

import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.MasterSecret;
import java.util.Optional;

/** A known answer for the name of a master key. */
final class IdentifierVector implements Vector {
  static final String KIND = "key-identifier";

  private final String id;
  private final byte[] masterKey;
  private final boolean enableHwKdf;
  private final byte[] identifier;

  private IdentifierVector(String id, byte[] masterKey, boolean enableHwKdf, byte[] identifier) {
    this.id = id;
    this.masterKey = masterKey;
    this.enableHwKdf = enableHwKdf;
    this.identifier = identifier;
  }

  /** A line of {@code fscrypt-vectors} without a cipher. */
  static IdentifierVector of(Fields fields) {
    return new IdentifierVector(
        fields.text("id"),
        Hex.masterKey(fields.text("master_key")),
        fields.optionalFlag("enable_hw_kdf"),
        fields.hex("key_identifier"));
  }

  @Override
  public String id() {
    return id;
  }

  /**
   * What does not come out; empty if everything does.
   *
   * @throws IllegalArgumentException if the key is of the wrong length
   */
  Optional<String> mismatch() {
    byte[] derived = new byte[KeyIdentifier.SIZE_BYTES];
    try (MasterSecret secret =
        enableHwKdf ? MasterSecret.ofWrappedKey(masterKey) : MasterSecret.ofRawKey(masterKey)) {
      secret.identifier().write(derived, 0);
    }
    return ExpectedCiphertext.difference("key identifier", identifier, derived);
  }
}
