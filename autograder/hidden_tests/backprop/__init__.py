"""Hidden tests of lab 3, backpropagation: one declaration for each exercise."""
