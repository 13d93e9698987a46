package audit

import (
	"slices"
	"strings"
)

// isGivenName says whether a word is a common given name of the countries that the documents are about.
// Behind one even an ordinary word with a capital may be a surname: Mark Young. Names that are also
// months or places here (April, Victoria) are not among them.
func isGivenName(word string) bool {
	first, _, _ := strings.Cut(word, "-") // Jean-Luc
	return slices.Contains(strings.Fields(givenNames), first)
}

const givenNames = `Aaron Adam Adrian Ahmed Alain Alan Albert Alejandro Alessandro Alex Alexander Alfred Ali Alice Amanda Amir Andrea Andreas
 Andrew Andrzej Andy Angela Anna Anne Anthony Antoine Anton Antonio Barbara Bart Ben Benjamin Bernard Bernd Bert Bill Björn Bob Brian Bruno
 Carl Carlo Carlos Carol Caroline Catherine Charles Chris Christian Christine Christopher Claude Claudia Colin Cornelis Craig Damien Daniel
 Darren David Dennis Dieter Dirk Dominic Donald Edward Elena Elisabeth Elizabeth Emma Eric Erik Ethan Eva Fabio Fatima Felix Fernando Francesco
 Francis Franck François Frank Franz Fred Frederik Gareth Gary Geert George Georges Gerard Gert Giovanni Giuseppe Graham Gregory Guillaume Hakan
 Hamid Hans Hassan Heinz Helen Hendrik Henry Herman Hubert Hugo Ian Ibrahim Igor Ivan Jack Jacob Jacques James Jan Jane Jason Javier Jean Jeff
 Jennifer Jens Jeremy Jessica Jim Joachim Joe Johan Johannes John Jonathan Jorge Joris José Joseph Juan Julia Julien Jürgen Karen Karim Karin Karl
 Katarina Kate Keith Kenneth Kevin Khalid Klaus Koen Kurt Lars Laura Laurent Leon Liam Lisa Louis Luc Luca Lucas Luigi Luis Lukas Magnus Manuel
 Marc Marco Marcus Marek Maria Marie Mario Mark Markus Martin Mary Massimo Matteo Matthew Matthias Maurice Max Mehmet Michael Michel Miguel
 Mohamed Mohammed Monika Mustafa Nadia Natalie Nathan Neil Nicholas Nick Nicola Nicolas Nigel Nikola Noah Olaf Oliver Olivier Omar Oscar Pablo
 Paolo Pascal Patricia Patrick Paul Paula Pedro Peter Philip Philippe Pierre Piet Pieter Piotr Rachid Rachel Rafael Ralf Raymond Rebecca Reinhard
 Richard Robert Roberto Roger Roland Roman Ronald Rose Roy Ruben Rudolf Ryan Said Sam Samir Samuel Sandra Sara Sarah Scott Sean Sebastian Serge
 Sergio Simon Sofia Sophie Stefan Stephan Stephen Steve Steven Stuart Susan Sven Sylvie Theo Thomas Thierry Tim Timothy Tobias Tom Tomasz Tony
 Ulrich Ursula Valérie Vincent Vito Vladimir Walter Werner Wilhelm Willem William Wim Wolfgang Xavier Yannick Youssef Yusuf Yves`
