package inlinecrypt.keyslot.replacement;

/**
 * A policy once more, as its paper tells it: in lists of numbers, told of every request, with no
 * slots and nothing in use. It shares no code with the policy that is compared with it.
 */
interface Textbook {
  /** True if {@code key} was in the cache; it is now. */
  boolean request(int key);
}
