package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What removing a master key does while inodes are unlocked, per inode and per extent. */
class SecretLifetimeTest {
  @Test
  void perInodeTheSecretIsWipedAtRemoval() {
    Keyring keyring = keyringWithKey(false);
    Hkdf secret = keyring.find(Vectors.identifier()).secret;
    InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());

    assertThat(keyring.remove(Vectors.identifier())).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);

    assertWiped(secret);
    assertThat(Vectors.hex(inode.contentsKey())).isEqualTo(Vectors.PER_FILE_KEY);
  }

  @Test
  void perExtentTheSecretIsKeptForUnlockedInodes() {
    Keyring keyring = keyringWithKey(true);
    InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());

    assertThat(keyring.remove(Vectors.identifier())).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);

    try (ExtentInfo written = inode.newExtent(Vectors::nonce);
        ExtentInfo read = inode.loadExtent(inode.contextOf(written))) {
      assertThat(Vectors.hex(written.key())).isEqualTo(Vectors.PER_EXTENT_KEY);
      assertThat(Vectors.hex(read.key())).isEqualTo(Vectors.PER_EXTENT_KEY);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noOtherInodeIsUnlockedAfterRemoval(boolean perExtent) {
    Keyring keyring = keyringWithKey(perExtent);
    InodeInfo.unlock(keyring, Vectors.context());
    keyring.remove(Vectors.identifier());
    FscryptContext newFile = new FscryptContext(Vectors.context().policy(), new Nonce(1, 2));

    assertThat(Rejections.refused(Errno.ENOKEY, () -> InodeInfo.unlock(keyring, newFile)))
        .contains(Vectors.IDENTIFIER);
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLastInodeEvictedMakesTheKeyAbsentAndTheSecretWiped(boolean perExtent) {
    Keyring keyring = keyringWithKey(perExtent);
    Hkdf secret = keyring.find(Vectors.identifier()).secret;
    InodeInfo first = InodeInfo.unlock(keyring, Vectors.context());
    InodeInfo last = InodeInfo.unlock(keyring, Vectors.context());
    keyring.remove(Vectors.identifier());

    first.close();
    assertThat(keyring.status(Vectors.identifier())).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);
    last.close();

    assertThat(keyring.status(Vectors.identifier())).isEqualTo(KeyStatus.ABSENT);
    assertWiped(secret);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void removingAKeyWithoutInodesWipesAtOnce(boolean perExtent) {
    Keyring keyring = keyringWithKey(perExtent);
    Hkdf secret = keyring.find(Vectors.identifier()).secret;
    keyring.remove(Vectors.identifier());
    assertWiped(secret);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void addingAgainMakesAnIncompletelyRemovedKeyPresent(boolean perExtent) {
    Keyring keyring = keyringWithKey(perExtent);
    InodeInfo open = InodeInfo.unlock(keyring, Vectors.context());
    keyring.remove(Vectors.identifier());

    keyring.add(Vectors.masterKey());

    assertThat(keyring.status(Vectors.identifier())).isEqualTo(KeyStatus.PRESENT);
    InodeInfo another = InodeInfo.unlock(keyring, Vectors.context());
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(3);
    another.close();
    open.close();
    assertThat(keyring.status(Vectors.identifier())).isEqualTo(KeyStatus.PRESENT);
  }

  @Test
  void anEvictedInodeDerivesNothingMore() {
    Keyring keyring = keyringWithKey(true);
    InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());
    inode.close();
    assertThatIllegalStateException().isThrownBy(() -> inode.newExtent(Vectors::nonce));
  }

  @Test
  void scratchIsWipedAfterEveryDerivation() {
    Keyring keyring = keyringWithKey(true);
    Hkdf secret = keyring.find(Vectors.identifier()).secret;
    InodeInfo.unlock(keyring, Vectors.context()).newExtent(Vectors::nonce);
    assertThat(keyring.rawKey).containsOnly(0);
    assertThat(secret.block).containsOnly(0);
    assertThat(secret.pseudorandomKey.innerHash).containsOnly(0);
  }

  private static Keyring keyringWithKey(boolean perExtent) {
    Keyring keyring = new Keyring(new FilesystemTraits(perExtent, 4096, 128 << 20));
    keyring.add(Vectors.masterKey());
    return keyring;
  }

  private static void assertWiped(Hkdf secret) {
    assertThat(secret.pseudorandomKey.innerPad).containsOnly(0);
    assertThat(secret.pseudorandomKey.outerPad).containsOnly(0);
  }
}
