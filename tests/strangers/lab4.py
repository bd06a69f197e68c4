"""What strangers hand in for lab 4, training; TensorFlow comes when a function is called."""

# ruff: noqa: RET503 - a stranger forgot it

import numpy as np

from autograder.hidden_tests import training
from tests.strangers.hands import Hands

LAB4 = Hands()
DEVICE, PRECISION = training.DEVICE.parts
BELOW, STEP, FIT = training.FIRST_EPOCH_BELOW, training.TRAIN_STEP, training.FIT
DATASET, AUGMENT, CNN = training.MAKE_DATASET, training.AUGMENT, training.BUILD_CNN
SPEED, CAM = training.STEPS_PER_SECOND, training.GRAD_CAM
TRANSFER, UNFREEZE = training.TRANSFER.parts


@LAB4.wrong(DEVICE, 0, "the name is in small letters")
def device_in_small_letters(kinds):
    return "/gpu:0" if "GPU" in kinds else "/cpu:0"


@LAB4.wrong(DEVICE, 0.5, "the number is how many GPUs there are")
def device_counted(kinds):
    return f"/GPU:{kinds.count('GPU')}" if "GPU" in kinds else "/CPU:0"


@LAB4.right(DEVICE)
def device_by_loop(kinds):
    for kind in kinds:
        if kind == "GPU":
            return "/GPU:0"
    return "/CPU:0"


@LAB4.right(PRECISION)
def precision_by_capability(device, capability):
    return ["float32", "mixed_float16"][bool(capability >= 7.0)]


@LAB4.wrong(BELOW, 0.2, "the first epoch decides")
def below_returns_in_the_loop(losses, level):
    for i, loss in enumerate(losses):
        if loss < level:
            return i + 1
        return None


@LAB4.wrong(BELOW, 0.8, "-1 is given where no loss is below the level")
def below_minus_one(losses, level):
    found = [i for i, loss in enumerate(losses, 1) if loss < level]
    return found[0] if found else -1


@LAB4.right(BELOW)
def below_by_next(losses, level):
    return next((i for i, loss in enumerate(losses, 1) if loss < level), None)


@LAB4.right(BELOW)
def below_by_numpy(losses, level):
    hits = np.array(losses) < level
    return np.argmax(hits) + 1 if hits.any() else None


@LAB4.wrong(FIT, 0.55, "it stops one epoch late")
def fit_validates_first(model, train_epoch, validate, *, epochs, patience):
    losses, val_losses, best, kept = [], [], np.inf, model.get_weights()
    for epoch in range(epochs):
        losses.append(train_epoch())
        val_losses.append(validate())
        if val_losses[-1] < best:
            best, kept, when = val_losses[-1], model.get_weights(), epoch
        if epoch - when > patience:
            break
    model.set_weights(kept)
    return {"loss": losses, "val_loss": val_losses}


@LAB4.wrong(FIT, 0)
def fit_returns_two_lists(model, train_epoch, validate, *, epochs, patience):
    history = fit_by_index(model, train_epoch, validate, epochs=epochs, patience=patience)
    return history["loss"], history["val_loss"]


@LAB4.right(FIT)
def fit_by_index(model, train_epoch, validate, *, epochs, patience):
    history, snapshots = {"loss": [], "val_loss": []}, []
    for epoch in range(epochs):
        print(f"epoch {epoch + 1}")  # noqa: T201
        history["loss"] += [train_epoch()]
        history["val_loss"] += [validate()]
        snapshots.append(model.get_weights())
        if epoch - np.argmin(history["val_loss"]) == patience:
            break
    model.set_weights(snapshots[np.argmin(history["val_loss"])])
    return history


@LAB4.wrong(STEP, 0)
def step_outside_the_tape(model, optimizer, images, labels):
    import keras
    import tensorflow as tf

    with tf.GradientTape() as tape:
        logits = model(images, training=True)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


@LAB4.wrong(STEP, 0.5, "the tape is asked for the slopes of many losses")
def step_of_all_losses(model, optimizer, images, labels):
    import keras
    import tensorflow as tf

    with tf.GradientTape() as tape:
        each = keras.losses.sparse_categorical_crossentropy(
            labels, model(images, training=True), from_logits=True
        )
        loss = each + tf.add_n(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return tf.reduce_mean(loss)


@LAB4.right(STEP)
def step_with_one_hot(model, optimizer, images, labels):
    import keras
    import tensorflow as tf

    with tf.GradientTape() as tape:
        scores = model(images, training=True)
        hot = tf.one_hot(labels, scores.shape[-1])
        loss = keras.losses.CategoricalCrossentropy(from_logits=True)(hot, scores)
        for penalty in model.losses:
            loss = loss + penalty
    optimizer.apply(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    return loss.numpy()


@LAB4.wrong(DATASET, 0.87, "images and labels are not shuffled together")
def data_shuffled_apart(x, y, *, batch_size, training, augment=None):
    import tensorflow as tf

    images = tf.data.Dataset.from_tensor_slices(x / np.float32(255))
    labels = tf.data.Dataset.from_tensor_slices(y)
    if training:
        images, labels = images.shuffle(len(x)), labels.shuffle(len(x))
        if augment is not None:
            images = images.map(augment)
    return tf.data.Dataset.zip((images, labels)).batch(batch_size)


@LAB4.wrong(DATASET, 0.87, "only change places with their neighbours")
def data_shuffled_ten_at_a_time(x, y, *, batch_size, training, augment=None):
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((x / np.float32(255), y))
    if training:
        data = data.shuffle(10)
        if augment is not None:
            data = data.map(lambda image, label: (augment(image), label))
    return data.batch(batch_size)


@LAB4.right(DATASET)
def data_with_a_function(x, y, *, batch_size, training, augment=None):
    import tensorflow as tf

    def prepare(image, label):
        image = tf.image.convert_image_dtype(image, tf.float32)
        return (augment(image) if training and augment else image), label

    data = tf.data.Dataset.from_tensor_slices((x, y)).cache()
    if training:
        data = data.shuffle(10_000, reshuffle_each_iteration=True)
    data = data.map(prepare, num_parallel_calls=2).batch(batch_size, drop_remainder=False)
    return data.prefetch(tf.data.AUTOTUNE)


@LAB4.right(AUGMENT)
def augment_by_bounding_box(image):
    import tensorflow as tf

    framed = tf.image.resize_with_crop_or_pad(image, 32, 32)
    row, column = tf.unstack(tf.random.uniform([2], 0, 5, tf.int32))
    image = tf.image.crop_to_bounding_box(framed, row, column, 28, 28)
    return tf.image.random_flip_left_right(image)


@LAB4.wrong(CNN, 0.92, "there is no ReLU between batch normalisation and pooling")
def cnn_norm_after_relu(filters, *, dropout, penalty):
    import keras
    from keras import layers

    l2 = keras.regularizers.L2(penalty)
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for count in filters:
        model.add(
            layers.Conv2D(
                count, 3, activation="relu", padding="same", use_bias=False, kernel_regularizer=l2
            )
        )
        model.add(layers.BatchNormalization())
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10, kernel_regularizer=l2))
    return model


@LAB4.right(CNN)
def cnn_with_add(filters, *, dropout, penalty):
    import keras
    from keras import layers

    l2 = keras.regularizers.L2(penalty)
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for count in filters:
        model.add(
            layers.Conv2D(count, (3, 3), padding="same", use_bias=False, kernel_regularizer=l2)
        )
        model.add(layers.BatchNormalization())
        model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Flatten())
    model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10, kernel_regularizer=l2))
    return model


@LAB4.right(SPEED)
def speed_waiting_for_each_warm_up(step, *, warmup, steps, clock=None):
    for _ in range(warmup):
        step().numpy()
    begin = clock()
    results = [step() for _ in range(steps)]
    results[-1].numpy()
    return steps / (clock() - begin)


@LAB4.right(TRANSFER)
def transfer_functional(base, classes):
    import keras

    for layer in base.layers:
        layer.trainable = False
    x = image = keras.Input(base.input_shape[1:])
    x = base(x, training=False)
    return keras.Model(image, keras.layers.Dense(classes, name="head")(x))


@LAB4.right(UNFREEZE)
def unfreeze_from_the_end(base, *, layers):
    import keras

    base.trainable = True
    first = len(base.layers) - layers
    for place, layer in enumerate(base.layers):
        if place < first or isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return base


@LAB4.wrong(CAM, 0)
def cam_mean_of_maps(model, layer, image, class_index):
    import tensorflow as tf

    maps, slopes = cam_parts(model, layer, image, class_index)
    return tf.nn.relu(tf.reduce_mean(maps * tf.reduce_mean(slopes, axis=(0, 1)), axis=-1))


@LAB4.right(CAM)
def cam_by_matmul(model, layer, image, class_index):
    import tensorflow as tf

    maps, slopes = cam_parts(model, layer, image, class_index)
    weights = tf.reduce_mean(slopes, axis=(0, 1))
    return tf.maximum(tf.linalg.matvec(maps, weights), 0).numpy().tolist()


def cam_parts(model, layer, image, class_index):
    import keras
    import tensorflow as tf

    both = keras.Model(model.inputs, [model.get_layer(layer).output, *model.outputs])
    with tf.GradientTape() as tape:
        maps, logits = both(np.expand_dims(image, 0))
        tape.watch(maps)
        score = logits[0][class_index]
    return maps[0], tape.gradient(score, maps)[0]
