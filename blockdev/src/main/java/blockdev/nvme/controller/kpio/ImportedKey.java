package blockdev.nvme.controller.kpio;

import blockdev.nvme.kpio.Kmip;
import blockdev.nvme.kpio.Ttlv;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the payload of an Import says, once all that must be there is.
 *
 * @param uid the identifier of the key
 * @param role {@link Kmip#ROLE_DEK} or {@link Kmip#ROLE_KEK}
 * @param material the wrapped key; the key itself if {@code kekUid} is null
 * @param kekUid the identifier of the key that it is wrapped with, null if it is in the clear
 * @param link to the other half of a media encryption key, null if there is none
 * @param row of a key encryption key
 */
record ImportedKey(
    String uid,
    int role,
    MemorySegment material,
    @Nullable String kekUid,
    @Nullable Link link,
    int namespace,
    int keyTag,
    int row) {
  static final int MAX_UID_BYTES = 64;

  private static final int NOT_THERE = -1;
  private static final int KEY_BITS = 256;

  record Link(int type, String uid) {}

  /** Reads a payload; null if something is missing or is not what Key Per I/O takes. */
  static @Nullable ImportedKey read(@Nullable Ttlv payload) {
    if (payload == null
        || payload.enumeration(Kmip.OBJECT_TYPE) != Kmip.OBJECT_TYPE_SYMMETRIC_KEY) {
      return null;
    }
    String uid = uid(payload, Kmip.UNIQUE_IDENTIFIER);
    Ttlv attributes = payload.structure(Kmip.ATTRIBUTES);
    Ttlv symmetricKey = payload.structure(Kmip.SYMMETRIC_KEY);
    Ttlv block = symmetricKey == null ? null : symmetricKey.structure(Kmip.KEY_BLOCK);
    if (uid == null || attributes == null || block == null || !isRawAes256(block)) {
      return null;
    }
    MemorySegment material = wrappedMaterial(block);
    String kekUid = null;
    if (material != null) {
      kekUid = kekUid(block.structure(Kmip.KEY_WRAPPING_DATA));
      if (kekUid == null) {
        return null;
      }
    } else {
      material = plaintextMaterial(block);
    }
    if (material == null) {
      return null;
    }
    ImportedKey key =
        new ImportedKey(
            uid,
            role(attributes),
            material,
            kekUid,
            link(attributes.structure(Kmip.LINK)),
            vendorAttribute(attributes, Kmip.NAMESPACE_ID),
            vendorAttribute(attributes, Kmip.KEY_TAG),
            vendorAttribute(attributes, Kmip.UID));
    return key.isComplete() ? key : null;
  }

  private boolean isComplete() {
    return switch (role) {
      case Kmip.ROLE_DEK ->
          kekUid != null && link != null && namespace != NOT_THERE && keyTag != NOT_THERE;
      case Kmip.ROLE_KEK -> row != NOT_THERE;
      default -> false;
    };
  }

  /** Whether this is the first and {@code next} the second key of one XTS key. */
  boolean isFollowedBy(ImportedKey next) {
    return link != null
        && next.link != null
        && link.type() == Kmip.LINK_NEXT
        && link.uid().equals(next.uid)
        && next.link.type() == Kmip.LINK_PREVIOUS
        && next.link.uid().equals(uid)
        && namespace == next.namespace
        && keyTag == next.keyTag
        && Objects.equals(kekUid, next.kekUid);
  }

  private static boolean isRawAes256(Ttlv block) {
    return block.enumeration(Kmip.KEY_FORMAT_TYPE) == Kmip.KEY_FORMAT_RAW
        && block.enumeration(Kmip.CRYPTOGRAPHIC_ALGORITHM) == Kmip.ALGORITHM_AES
        && block.integer(Kmip.CRYPTOGRAPHIC_LENGTH, 0) == KEY_BITS;
  }

  private static @Nullable MemorySegment wrappedMaterial(Ttlv block) {
    Ttlv value = block.item(Kmip.KEY_VALUE, Ttlv.BYTES);
    return value == null ? null : value.value();
  }

  private static @Nullable MemorySegment plaintextMaterial(Ttlv block) {
    Ttlv value = block.structure(Kmip.KEY_VALUE);
    Ttlv material = value == null ? null : value.item(Kmip.KEY_MATERIAL, Ttlv.BYTES);
    return material == null ? null : material.value();
  }

  private static @Nullable String kekUid(@Nullable Ttlv wrapping) {
    if (wrapping == null
        || wrapping.enumeration(Kmip.WRAPPING_METHOD) != Kmip.WRAPPING_METHOD_ENCRYPT
        || wrapping.enumeration(Kmip.ENCODING_OPTION) != Kmip.ENCODING_NONE) {
      return null;
    }
    Ttlv information = wrapping.structure(Kmip.ENCRYPTION_KEY_INFORMATION);
    Ttlv parameters =
        information == null ? null : information.structure(Kmip.CRYPTOGRAPHIC_PARAMETERS);
    return information == null
            || parameters == null
            || parameters.enumeration(Kmip.BLOCK_CIPHER_MODE) != Kmip.MODE_NIST_KEY_WRAP
        ? null
        : uid(information, Kmip.UNIQUE_IDENTIFIER);
  }

  private static int role(Ttlv attributes) {
    Ttlv parameters = attributes.structure(Kmip.CRYPTOGRAPHIC_PARAMETERS);
    return parameters == null ? 0 : parameters.enumeration(Kmip.KEY_ROLE_TYPE);
  }

  private static @Nullable Link link(@Nullable Ttlv link) {
    String uid = link == null ? null : uid(link, Kmip.LINKED_OBJECT_IDENTIFIER);
    return link == null || uid == null ? null : new Link(link.enumeration(Kmip.LINK_TYPE), uid);
  }

  private static int vendorAttribute(Ttlv attributes, String name) {
    for (Ttlv attribute : attributes.items()) {
      if (attribute.tag() == Kmip.ATTRIBUTE
          && Kmip.VENDOR.equals(attribute.text(Kmip.VENDOR_IDENTIFICATION))
          && name.equals(attribute.text(Kmip.ATTRIBUTE_NAME))) {
        return Math.max(NOT_THERE, attribute.integer(Kmip.ATTRIBUTE_VALUE, NOT_THERE));
      }
    }
    return NOT_THERE;
  }

  private static @Nullable String uid(Ttlv structure, int tag) {
    Ttlv item = structure.item(tag, Ttlv.TEXT);
    return item == null || item.value().byteSize() > MAX_UID_BYTES ? null : item.asText();
  }

  /** A copy of the material, which the caller wipes. */
  byte[] copyOfMaterial() {
    return material.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public String toString() {
    return "ImportedKey[" + uid + "]";
  }
}
