package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.wrapped.WrappedKeyDerivation;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Known answers for the master key 01 02 … 40, the nonce of {@link Vectors}, the UUID 10 11 … 1f
 * and inode 12345, computed by xfstests' {@code fscrypt-crypt-util} and by an independent program;
 * the name hash, and the inode that nearly wraps, by the latter alone.
 */
class MasterSecretTest {
  private static final UUID FILESYSTEM = UUID.fromString("10111213-1415-1617-1819-1a1b1c1d1e1f");
  private static final long INODE = 12345;

  private final MasterSecret secret = MasterSecret.ofRawKey(Vectors.masterKey());

  @Test
  void theIdentifierIsThatOfXfstests() {
    assertThat(secret.identifier()).isEqualTo(Vectors.identifier());
  }

  @Test
  void thePerFileKeyComesFromTheNonce() {
    assertThat(derived(64, key -> secret.perFileKey(Vectors.nonce(), key)))
        .isEqualTo(Vectors.PER_FILE_KEY);
  }

  @Test
  void theDirectKeyComesFromTheMode() {
    assertThat(derived(32, key -> secret.directKey(9, key)))
        .isEqualTo("119cdfc84d03a78e39bf41d4f29f6d76db9636f6fce4da764411d8f77e31b19e");
  }

  @Test
  void theInoLblkKeysComeFromTheModeAndTheFilesystem() {
    assertThat(derived(64, key -> secret.ivInoLblk64Key(1, FILESYSTEM, key)))
        .isEqualTo(
            "3e9337eeb0990dd9b3b85bbbfbbbe6039e7dfc21b74e4e8802ef5889288b8ed2"
                + "1dfa67ee5d0af61dd0fbf1832b52763385c3368e9579dc269fc257a274e3df3d");
    assertThat(derived(32, key -> secret.ivInoLblk64Key(4, FILESYSTEM, key)))
        .isEqualTo("ef14630ce7e7dc80ceef97be5415a09afb070b038791aaf52648c5533f82d4ee");
    assertThat(derived(64, key -> secret.ivInoLblk32Key(1, FILESYSTEM, key)))
        .isEqualTo(
            "5d0d5c84a31a25cacf2b368a6c038330b41cba9f79fb250efc7bb7d5bade8c8f"
                + "95f3bfd9c09ffad4700c9891810f9b5e1ede0338f158f84d3674887ac2dd048b");
    assertThat(derived(32, key -> secret.ivInoLblk32Key(4, FILESYSTEM, key)))
        .isEqualTo("39e90fedf1ed7c56e6a5782086079c8afde5c33c58f92c8d97ab7b864df6476d");
  }

  @Test
  void inodeNumbersAreHashedTo32Bits() {
    assertThat(secret.hashInode(INODE)).isEqualTo(0x3747af47);
    assertThat(secret.hashInode(67594)).isEqualTo(0xfffffdfd);
  }

  @Test
  void namesOfCasefoldedDirectoriesAreHashedTo64Bits() {
    assertThat(secret.hashName(Vectors.nonce(), "foo.txt")).isEqualTo(0x95c3975b41a9677aL);
  }

  @Test
  void aWrappedKeyIsKnownByItsSoftwareSecret() {
    byte[] rawKey = new byte[32];
    for (int i = 0; i < rawKey.length; i++) {
      rawKey[i] = (byte) (0x80 + i);
    }
    assertThat(MasterSecret.ofWrappedKey(rawKey).identifier())
        .hasToString("6201c05167cec4a265ff2094d346c499");
  }

  @Test
  void theSoftwareSecretThatHardwareHandsOutIsAsGoodAsTheRawKey() {
    byte[] rawKey = new byte[32];
    byte[] softwareSecret = new byte[32];
    WrappedKeyDerivation.softwareSecret(rawKey, softwareSecret);
    assertThat(MasterSecret.ofSoftwareSecret(softwareSecret).identifier())
        .isEqualTo(MasterSecret.ofWrappedKey(rawKey).identifier());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MasterSecret.ofSoftwareSecret(new byte[64]))
        .withMessageContaining("not 64");
  }

  @Test
  void aWrappedKeyHas32RawBytes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MasterSecret.ofWrappedKey(Vectors.masterKey()))
        .withMessageContaining("not 64");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 256, 257})
  void modeNumbersAreFrom1To255(int modeNumber) {
    byte[] key = new byte[64];
    List<ThrowingCallable> derivations =
        List.of(
            () -> secret.directKey(modeNumber, key),
            () -> secret.ivInoLblk64Key(modeNumber, FILESYSTEM, key),
            () -> secret.ivInoLblk32Key(modeNumber, FILESYSTEM, key));
    assertThat(derivations)
        .allSatisfy(derivation ->
            assertThatIllegalArgumentException()
                .isThrownBy(derivation)
                .withMessageEndingWith("not " + modeNumber));
    assertThat(key).containsOnly(0);
  }

  @Test
  void theCallersKeyStaysAsItIs() {
    byte[] masterKey = Vectors.masterKey();
    MasterSecret.ofRawKey(masterKey).close();
    assertThat(masterKey).isEqualTo(Vectors.masterKey());
  }

  @Test
  void aClosedSecretDerivesNothing() {
    secret.hashInode(INODE);
    secret.close();
    secret.close();

    byte[] key = new byte[64];
    List<ThrowingCallable> derivations =
        List.of(
            secret::identifier,
            () -> secret.perFileKey(Vectors.nonce(), key),
            () -> secret.directKey(1, key),
            () -> secret.ivInoLblk64Key(1, FILESYSTEM, key),
            () -> secret.ivInoLblk32Key(1, FILESYSTEM, key),
            () -> secret.hashInode(INODE),
            () -> secret.hashName(Vectors.nonce(), "foo.txt"));
    assertThat(derivations)
        .allSatisfy(derivation ->
            assertThatIllegalStateException()
                .isThrownBy(derivation)
                .withMessage("the master secret is closed"));
    assertThat(key).containsOnly(0);
  }

  private static String derived(int lengthBytes, Consumer<byte[]> derivation) {
    byte[] key = new byte[lengthBytes];
    derivation.accept(key);
    return Vectors.hex(key);
  }
}
