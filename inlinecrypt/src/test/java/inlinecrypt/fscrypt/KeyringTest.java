package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringTest {
  private final Keyring keyring = new Keyring(new FilesystemTraits(true, 4096, 128 << 20));

  @Test
  void addingReturnsTheNameDerivedFromTheKey() {
    assertThat(keyring.add(Vectors.masterKey())).isEqualTo(Vectors.identifier());
    assertThat(keyring.status(Vectors.identifier())).isEqualTo(KeyStatus.PRESENT);
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(1);
  }

  @Test
  void addingAKeyThatIsPresentChangesNothing() {
    keyring.add(Vectors.masterKey());
    Hkdf secret = keyring.find(Vectors.identifier()).secret;
    assertThat(keyring.add(Vectors.masterKey())).isEqualTo(Vectors.identifier());
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(1);
    assertThat(keyring.find(Vectors.identifier()).secret).isSameAs(secret);
  }

  @Test
  void theCallersArrayIsNotTouchedAndNotNeeded() {
    byte[] masterKey = Vectors.masterKey();
    keyring.add(masterKey);
    assertThat(masterKey).isEqualTo(Vectors.masterKey());
    Arrays.fill(masterKey, (byte) 0);
    try (InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());
        ExtentInfo extent = inode.newExtent(Vectors::nonce)) {
      assertThat(Vectors.hex(extent.key())).isEqualTo(Vectors.PER_EXTENT_KEY);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 65, 128})
  void keysShorterThan16OrLongerThan64BytesAreRefused(int sizeBytes) {
    assertThat(Rejections.refused(Errno.EINVAL, () -> keyring.add(new byte[sizeBytes])))
        .contains("" + sizeBytes);
  }

  /** The kernel, too, tells only when an inode is set up. */
  @ParameterizedTest
  @ValueSource(ints = {16, 31})
  void aKeyTooShortForThePolicyIsAddedButUnlocksNothing(int sizeBytes) {
    KeyIdentifier identifier = keyring.add(Arrays.copyOf(Vectors.masterKey(), sizeBytes));
    assertThat(
            Rejections.refused(
                Errno.ENOKEY, () -> InodeInfo.unlock(keyring, contextUnder(identifier))))
        .contains(sizeBytes + " bytes")
        .contains(identifier.toString());
    assertThat(keyring.activeRefs(identifier)).isEqualTo(1);
  }

  @Test
  void aKeyOf32BytesIsEnoughForAes256Xts() {
    KeyIdentifier identifier = keyring.add(Arrays.copyOf(Vectors.masterKey(), 32));
    InodeInfo.unlock(keyring, contextUnder(identifier)).close();
  }

  @Test
  void removingAKeyNobodyUsesMakesItAbsent() {
    keyring.add(Vectors.masterKey());
    assertThat(keyring.remove(Vectors.identifier())).isEqualTo(KeyStatus.ABSENT);
    assertThat(keyring.status(Vectors.identifier())).isEqualTo(KeyStatus.ABSENT);
  }

  @Test
  void removingAnAbsentKeyIsRefused() {
    assertThat(Rejections.refused(Errno.ENOKEY, () -> keyring.remove(Vectors.identifier())))
        .contains(Vectors.IDENTIFIER);
  }

  @Test
  void removingAgainTellsWhetherInodesAreStillUnlocked() {
    keyring.add(Vectors.masterKey());
    InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());
    assertThat(keyring.remove(Vectors.identifier())).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);
    assertThat(keyring.remove(Vectors.identifier())).isEqualTo(KeyStatus.INCOMPLETELY_REMOVED);
    inode.close();
    Rejections.refused(Errno.ENOKEY, () -> keyring.remove(Vectors.identifier()));
  }

  @Test
  void closingAnInodeTwiceDropsOneReference() {
    keyring.add(Vectors.masterKey());
    InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(2);
    inode.close();
    inode.close();
    assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(1);
  }

  @Test
  void extentsNeverChangeTheReferences() {
    keyring.add(Vectors.masterKey());
    try (InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());
        ExtentInfo extent = inode.newExtent(Vectors::nonce)) {
      assertThat(extent.nonce()).isEqualTo(Vectors.nonce());
      assertThat(keyring.activeRefs(Vectors.identifier())).isEqualTo(2);
    }
  }

  @Test
  void closingTheKeyringWipesEveryKey() {
    keyring.add(Vectors.masterKey());
    Hkdf secret = keyring.find(Vectors.identifier()).secret;
    InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context());
    keyring.close();
    assertThat(secret.pseudorandomKey.innerPad).containsOnly(0);
    Rejections.refused(Errno.ENOKEY, () -> inode.newExtent(Vectors::nonce));
    inode.close();
    assertThat(keyring.status(Vectors.identifier())).isEqualTo(KeyStatus.ABSENT);
  }

  @Test
  void everyDerivationIsCounted() {
    keyring.add(Vectors.masterKey());
    try (InodeInfo inode = InodeInfo.unlock(keyring, Vectors.context())) {
      inode.newExtent(Vectors::nonce).close();
      inode.newExtent(Vectors::nonce).close();
    }
    assertThat(keyring.derivations(HkdfContext.KEY_IDENTIFIER)).isEqualTo(1);
    assertThat(keyring.derivations(HkdfContext.PER_FILE_KEY)).isEqualTo(0);
    assertThat(keyring.derivations(HkdfContext.PER_EXTENT_KEY)).isEqualTo(2);
    assertThat(keyring.derivations()).isEqualTo(3);
  }

  @Test
  void aRefusedDerivationIsNotCounted() {
    Rejections.refused(Errno.ENOKEY, () -> InodeInfo.unlock(keyring, Vectors.context()));
    assertThat(keyring.derivations()).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyOperationListAgreesWithTheModel(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean perExtent = seed % 2 == 0;
    Keyring keyring = new Keyring(new FilesystemTraits(perExtent, 4096, 128 << 20));
    boolean present = false;
    List<InodeInfo> unlocked = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          keyring.add(Vectors.masterKey());
          present = true;
        }
        case 1 -> {
          if (present || !unlocked.isEmpty()) {
            keyring.remove(Vectors.identifier());
            present = false;
          } else {
            Rejections.refused(Errno.ENOKEY, () -> keyring.remove(Vectors.identifier()));
          }
        }
        case 2 -> {
          if (present) {
            unlocked.add(InodeInfo.unlock(keyring, Vectors.context()));
          } else {
            Rejections.refused(Errno.ENOKEY, () -> InodeInfo.unlock(keyring, Vectors.context()));
          }
        }
        default -> {
          if (!unlocked.isEmpty()) {
            unlocked.remove(random.nextInt(unlocked.size())).close();
          }
        }
      }
      KeyStatus expected =
          present
              ? KeyStatus.PRESENT
              : unlocked.isEmpty() ? KeyStatus.ABSENT : KeyStatus.INCOMPLETELY_REMOVED;
      assertThat(keyring.status(Vectors.identifier()))
          .as("seed %d step %d", seed, step)
          .isEqualTo(expected);
      assertThat(keyring.activeRefs(Vectors.identifier()))
          .as("seed %d step %d", seed, step)
          .isEqualTo((present ? 1 : 0) + unlocked.size());
      if (expected != KeyStatus.ABSENT) {
        boolean kept = keyring.find(Vectors.identifier()).secret != null;
        assertThat(kept).as("seed %d step %d", seed, step).isEqualTo(present || perExtent);
      }
      if (perExtent && !unlocked.isEmpty()) {
        unlocked.getFirst().newExtent(Vectors::nonce).close();
      }
    }
  }

  private static FscryptContext contextUnder(KeyIdentifier identifier) {
    return new FscryptContext(FscryptPolicy.aes256Xts(identifier), Vectors.nonce());
  }
}
